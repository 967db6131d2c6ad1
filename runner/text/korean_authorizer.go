package text

func koreanAuthorizerFindings() map[string]Finding {
	return map[string]Finding{
		"authorizer.api-missing":       {"이름이 {subject}인 REST API가 없습니다.", "먼저 API를 만들거나 가져오세요. 이미 만들었다면 리전을 확인하세요. API는 만든 리전에만 있습니다. 목록은 aws apigateway get-rest-apis 명령으로 볼 수 있습니다."},
		"authorizer.api-near-miss":     {"이름이 {expected}인 REST API는 없고, 이름이 {found}인 API가 있습니다.", "이름은 글자 하나까지 같아야 합니다. aws apigateway update-rest-api --patch-operations op=replace,path=/name,value={expected} 명령으로 이름을 바꾸거나, {expected} API를 만드세요."},
		"authorizer.api-twice":         {"이름이 {subject}인 REST API가 {found}개 있습니다: {ids}", "AWS에서는 여러 API가 같은 이름을 쓸 수 있습니다. 필요 없는 API는 삭제하세요: aws apigateway delete-rest-api --rest-api-id {id}"},
		"authorizer.endpoint-disabled": {"{api} API는 자체 주소로 응답하지 않습니다. disableExecuteApiEndpoint가 켜져 있습니다.", "주소를 다시 켠 뒤 배포하세요: {fix}"},
		"authorizer.no-stage":          {"{api} API에 이름이 {subject}인 스테이지가 없습니다. 현재 스테이지: {found}", "그 이름으로 배포하면 스테이지가 생깁니다: {fix}"},
		"authorizer.no-stage/none":     {"{api} API에 아직 스테이지가 없어서 아무도 호출할 수 없습니다.", "배포하면 스테이지가 생깁니다: {fix}"},
		"authorizer.stage-near-miss":   {"{api} API에 {expected} 스테이지는 없고, {found} 스테이지가 있습니다. 이름은 URL의 일부이므로 대소문자까지 같아야 합니다.", "스테이지의 이름은 바꿀 수 없습니다. {expected} 스테이지로 배포하고, 필요 없다면 {found} 스테이지는 삭제하세요: {fix}"},

		"authorizer.path-missing":          {"{api} API에 {subject} 메서드가 없습니다. 현재 메서드: {found}", "리소스와 메서드, 통합을 만든 뒤(aws apigateway create-resource, put-method, put-integration) 배포하세요: {deploy}"},
		"authorizer.path-missing/method":   {"{api} API에 {path} 리소스는 있지만, {subject} 요청을 받을 메서드가 없습니다.", "메서드와 통합을 만든 뒤(aws apigateway put-method, put-integration) 배포하세요: {deploy}"},
		"authorizer.path-near-miss":        {"{api} API에 {expected} 메서드는 없고, {found} 메서드가 있습니다.", "두 경로를 한 글자씩 비교하세요. 경로의 일부는 aws apigateway update-resource 명령의 op=replace,path=/pathPart,value=… 옵션으로 바꿀 수 있습니다. 그다음 배포하세요: {deploy}"},
		"authorizer.path-near-miss/case":   {"{api} API에 {expected} 메서드는 없고, {found} 메서드가 있습니다. 경로는 대소문자를 구분합니다.", "다른 부분의 이름을 바꾼 뒤(aws apigateway update-resource 명령의 op=replace,path=/pathPart,value=… 옵션) 배포하세요: {deploy}"},
		"authorizer.path-near-miss/method": {"{api} API에 {expected} 메서드는 없고, {found} 메서드가 있습니다. 경로는 맞지만 메서드가 다릅니다.", "메서드와 통합을 만든 뒤(aws apigateway put-method, put-integration) 배포하세요: {deploy}"},

		"authorizer.missing":                {"{api} API에 권한 부여자가 없어서, 누가 들어와도 되는지 {function} 함수에 묻지 않습니다.", "{header} 헤더에서 토큰을 읽는 권한 부여자를 만드세요: {fix}"},
		"authorizer.type":                   {"{authorizer} 권한 부여자의 유형은 {found}입니다. Cognito의 토큰을 확인할 뿐 함수에 묻지 않습니다.", "{function} 함수에 묻는 TOKEN 유형의 권한 부여자를 만드세요: {fix}"},
		"authorizer.other-function":         {"{authorizer} 권한 부여자가 {expected} 함수가 아니라 {found} 함수에 묻습니다.", "{expected} 함수에 묻게 한 뒤 배포하세요: {fix}"},
		"authorizer.other-function/case":    {"{authorizer} 권한 부여자가 {expected} 함수가 아니라 {found} 함수에 묻습니다. 이름은 대소문자를 구분합니다.", "{expected} 함수에 묻게 한 뒤 배포하세요: {fix}"},
		"authorizer.token-source":           {"{authorizer} 권한 부여자가 토큰을 찾는 곳은 {found}인데, 토큰은 {header} 헤더로 옵니다. 토큰을 찾지 못하면 API Gateway는 함수에 묻지 않고 401로 응답합니다.", "그 헤더에서 찾게 한 뒤 배포하세요: {fix}"},
		"authorizer.token-source/kept":      {"{authorizer} 권한 부여자는 {found} 값마다 결과를 캐시하는데, 그 안에 토큰이 없습니다. 그래서 다른 사람의 토큰으로 얻은 결과가 다음 요청에도 쓰입니다.", "토큰마다 캐시하게 한 뒤 배포하세요: {fix}"},
		"authorizer.validation":             {"{authorizer} 권한 부여자는 {expected} 표현식에 맞는 것만 토큰으로 받는데, 보낸 토큰이 맞지 않습니다. 이때 API Gateway는 함수에 묻지 않고 401로 응답합니다.", "표현식을 지우거나 맞게 고친 뒤 배포하세요: {fix}"},
		"authorizer.not-attached":           {"{subject} 메서드가 권한 부여자에게 묻지 않습니다. 권한 부여 유형이 {found}이므로 토큰이 있든 없든 누구나 들어옵니다.", "{authorizer} 권한 부여자를 연결한 뒤 배포하세요: {fix}"},
		"authorizer.not-attached/iam":       {"{subject} 메서드는 AWS 자격 증명으로 서명한 요청({found})을 요구하고, 권한 부여자에게 묻지 않습니다.", "{authorizer} 권한 부여자를 연결한 뒤 배포하세요: {fix}"},
		"authorizer.not-attached/other":     {"{subject} 메서드가 {authorizer} 권한 부여자가 아니라 다른 권한 부여자({found})에게 묻습니다.", "{authorizer} 권한 부여자를 연결한 뒤 배포하세요: {fix}"},
		"authorizer.not-attached/any":       {"{subject} 요청은 {path} 리소스의 ANY 메서드가 받는데, 이 메서드가 권한 부여자에게 묻지 않습니다. 권한 부여 유형: {found}", "이 메서드에 {authorizer} 권한 부여자를 연결한 뒤 배포하세요: {fix}"},
		"authorizer.not-deployed":           {"{subject} 설정은 이제 맞지만, {stage} 스테이지는 이전 배포를 제공하고 있습니다.", "변경 사항은 다음 배포부터 반영됩니다: {fix}"},
		"authorizer.not-deployed/canary":    {"{subject} 설정은 이제 맞지만, {stage} 스테이지 자체는 이전 배포를 제공하고 있습니다. Canary가 있는 동안 새 배포는 Canary로만 갑니다.", "배포한 뒤 Canary가 제공하는 것을 스테이지가 넘겨받게 하세요: {fix}"},
		"authorizer.mixed":                  {"{subject} 요청에 대한 응답이 두 가지입니다. {stage} 스테이지에 Canary가 있고, 두 배포 가운데 하나에만 권한 부여자 설정이 있습니다. 같은 토큰이 통할 때도 있고 통하지 않을 때도 있습니다.", "다시 배포한 뒤 Canary가 제공하는 것을 스테이지가 넘겨받게 하세요: {fix}"},
		"authorizer.no-permission":          {"API Gateway에 {authorizer} 권한 부여자로서 {subject} 함수를 호출할 권한이 없습니다. 토큰을 보낸 쪽은 500과 {\"message\":null} 응답을 받습니다.", "권한을 추가하세요: {fix}"},
		"authorizer.source-arn":             {"API Gateway에 {subject} 함수를 호출할 권한이 있지만 {authorizer} 권한 부여자에는 해당하지 않아서, 토큰을 보낸 쪽은 500과 {\"message\":null} 응답을 받습니다. 권한의 대상: {found}", "권한 부여자는 메서드가 아니라 자기 이름으로 호출하므로 SourceArn이 {expected}입니다. 권한을 추가하세요: {fix}"},
		"authorizer.function-error":         {"{subject} 함수가 이 요청({token})에서 실패해서 API Gateway가 500과 {\"message\":null} 응답을 보냅니다. 오류: {found}", "함수를 고치고 코드를 다시 업로드하세요. 예외가 발생한 곳: {line}"},
		"authorizer.function-error/token":   {"{subject} 함수가 이 요청({token})에서 실패합니다. TOKEN 유형의 권한 부여자는 함수에 type, methodArn, authorizationToken만 주고, headers는 주지 않습니다. 오류: {found}", "event['authorizationToken']에서 읽게 고친 뒤 코드를 업로드하세요. 예외가 발생한 곳: {line}"},
		"authorizer.function-error/request": {"{subject} 함수가 이 요청({token})에서 실패합니다. REQUEST 유형의 권한 부여자는 함수에 headers가 든 요청 전체를 주고, authorizationToken은 주지 않습니다. 오류: {found}", "event['headers']의 {header} 헤더에서 읽게 고친 뒤 코드를 업로드하세요. 예외가 발생한 곳: {line}"},
		"authorizer.function-error/import":  {"Lambda가 {subject} 함수의 코드를 불러오지 못했습니다: {found}", "핸들러는 {handler}입니다. 점 앞부분은 파일 이름이며, 이 파일은 zip 파일의 최상위에 있어야 합니다. unzip -l 명령으로 들여다보세요."},
		"authorizer.function-error/module":  {"Lambda가 {subject} 함수의 코드를 불러오지 못했습니다. 코드가 가져오는 모듈이 zip 파일에 없고, Lambda에도 없습니다. 오류: {found}", "모듈을 코드 옆에 함께 zip 파일로 묶거나, 모듈 없이 쓰세요. 토큰은 Python에 들어 있는 hmac, hashlib, base64, json으로도 확인할 수 있습니다. 그다음 업로드하세요."},
		"authorizer.function-error/handler": {"Lambda가 {subject} 함수의 코드는 불러왔지만 핸들러({handler})를 찾지 못했습니다: {found}", "점 뒷부분과 철자가 똑같은 함수가 그 파일에 있어야 합니다. 코드를 고치거나, aws lambda update-function-configuration --handler 명령으로 핸들러를 고치세요."},
		"authorizer.function-error/syntax":  {"{subject} 함수의 코드가 올바른 Python이 아닙니다: {found}", "그 줄의 괄호, 따옴표, 콜론, 들여쓰기를 확인하고 다시 업로드하세요."},
		"authorizer.function-error/timeout": {"{subject} 함수가 이 요청({token})에서 제한 시간을 넘깁니다: {found}", "더 빠르게 응답하게 하거나, 제한 시간을 늘리세요: aws lambda update-function-configuration --function-name {subject} --timeout 10"},
		"authorizer.no-policy":              {"{subject} 함수가 이 요청({token})에 정책이 아닌 것을 반환해서 API Gateway가 500과 {\"message\":null} 응답을 보냅니다. 반환한 값: {found}", "principalId와 policyDocument를 반환해야 하며, policyDocument에는 Version과 Statement 목록이 있고 Statement마다 Action, Effect, Resource가 있습니다. 로그의 내용: {log}"},
		"authorizer.no-policy/status":       {"{subject} 함수가 이 요청({token})에, 경로 뒤에 있는 함수처럼 statusCode를 반환합니다. 권한 부여자에게 이것은 정책이 아니어서 API Gateway가 500과 {\"message\":null} 응답을 보냅니다. 반환한 값: {found}", "돌려보내려면 raise Exception('Unauthorized')로 401을 만들거나, \"Effect\": \"Deny\" 정책을 반환해 403을 만드세요. 그다음 코드를 업로드하세요."},
		"authorizer.no-policy/context":      {"{subject} 함수가 목록이나 객체가 든 context를 반환해서 API Gateway가 500과 {\"message\":null} 응답을 보냅니다. 반환한 값: {found}", "context의 값은 텍스트, 숫자, true나 false입니다. 텍스트는 json.dumps로 만들 수 있습니다. 그다음 코드를 업로드하세요."},

		"authorizer.scheme/alone":   {"{subject} 함수가 토큰을 거부합니다. 앞에 {scheme} 단어와 공백이 있기 때문이며, 토큰만 보내면 받아들입니다.", "앞에 있는 것을 떼게 고치세요. token.split(' ')[-1]은 어느 쪽이든 토큰만 남깁니다. 그다음 코드를 업로드하세요."},
		"authorizer.scheme":         {"{subject} 함수가 토큰을 거부합니다. 앞에 {scheme} 단어와 공백이 있어야 받아들이는데, 토큰만 오기 때문입니다.", "토큰을 그대로 받게 고치세요. token.split(' ')[-1]은 어느 쪽이든 토큰만 남깁니다. 그다음 코드를 업로드하세요."},
		"authorizer.secret":         {"{subject} 함수가 토큰을 거부하는데, 함수의 환경 변수에도 코드에도 이 비밀 키가 없습니다.", "이 단계의 설명대로 함수에 비밀 키를 주세요."},
		"authorizer.secret/env":     {"{subject} 함수가 토큰을 거부하는데, 환경 변수 {variable}의 값이 비밀 키와 다릅니다.", "함수에 비밀 키를 주세요: {fix}"},
		"authorizer.secret/decoded": {"{subject} 함수는 디코딩한 비밀 키로 서명한 토큰을 받아들입니다. base64 텍스트를 디코딩해서 쓰는데, 토큰은 그 텍스트 그대로 서명되어 있습니다.", "텍스트를 그대로 쓰세요: base64.b64decode(secret)가 아니라 secret.encode()입니다. 그다음 코드를 업로드하세요."},
		"authorizer.secret/wrapped": {"{subject} 함수는 76글자마다 줄을 바꾼 비밀 키로 서명한 토큰을 받아들입니다. base64 명령이 넣은 줄 바꿈이 키에 섞였습니다.", "줄을 이어 붙이세요: openssl rand 256 | base64 | tr -d '\\n' 명령은 한 줄로 만듭니다. 줄 바꿈이 없는 비밀 키를 함수에 주세요."},
		"authorizer.secret/newline": {"{subject} 함수는 비밀 키 뒤에 줄 바꿈을 붙여 서명한 토큰을 받아들입니다. 줄 끝이 키에 섞였습니다.", "줄 바꿈을 떼세요. Python에서는 secret.strip()입니다. echo는 줄 바꿈을 붙이고, printf는 붙이지 않습니다."},
		"authorizer.secret/line":    {"{subject} 함수는 비밀 키의 첫 줄, 곧 처음 76글자만으로 서명한 토큰을 받아들입니다.", "비밀 키 전체를 한 줄로 주세요."},
		"authorizer.secret/quoted":  {"{subject} 함수는 따옴표로 감싼 비밀 키로 서명한 토큰을 받아들입니다. 따옴표가 키에 섞였습니다.", "함수가 비밀 키를 얻는 곳에서 따옴표를 지우세요."},
		"authorizer.refused":        {"{subject} 함수가 허용해야 할 토큰을 거부합니다: {found}", "함수가 서명 말고 무엇을 요구하는지 살펴보세요: 알고리즘({algorithm}), 클레임({claims}), 시각. 로그의 내용: {log}"},

		"authorizer.policy-resource":  {"{subject} 함수가 토큰을 허용하지만, 정책이 {found} 리소스에만 해당하고 {expected} 요청에는 해당하지 않습니다. 어느 Statement에도 없는 것은 거부됩니다.", "정책의 Resource가 요청한 것을 포함하게 하세요. event['methodArn']이 바로 그 메서드입니다. 그다음 코드를 업로드하세요."},
		"authorizer.policy-action":    {"{subject} 함수가 토큰을 허용하지만, 정책이 허용하는 작업({found})은 API Gateway가 묻는 작업({expected})이 아닙니다.", "\"Action\": \"execute-api:Invoke\"라고 쓰세요. 그다음 코드를 업로드하세요."},
		"authorizer.policy-condition": {"{subject} 함수가 토큰을 허용하지만, 요청이 정책의 조건에 맞지 않습니다: {found}", "Condition을 지우거나 맞게 고치세요. 그다음 코드를 업로드하세요."},
		"authorizer.explicit-deny":    {"{subject} 함수가 허용해야 할 토큰을 거부합니다. 정책에 {expected} 요청에 대한 Deny가 있고, Deny 하나가 모든 Allow를 이깁니다.", "이 토큰에는 \"Effect\": \"Allow\"를 반환하세요. 정책: {found}"},
		"authorizer.cached-policy":    {"{first} 요청에서 통한 토큰이 {subject} 요청에서는 거부됩니다. API Gateway는 토큰의 정책을 {ttl}초 동안 캐시해 모든 메서드에 쓰는데, 이 정책은 {found} 리소스에만 해당합니다.", "정책이 토큰으로 요청할 수 있는 것을 모두 포함하게 하고({expected}) 코드를 업로드하세요. 아니면 캐시하지 않게 한 뒤 배포하세요: {fix}"},

		"authorizer.too-open":           {"들어오면 안 되는 요청({token})이 들어옵니다. {subject} 요청에 대한 응답: {found}", "함수가 거부해야 합니다. raise Exception('Unauthorized')는 401이 되고, Deny 정책은 403이 됩니다. 그다음 코드를 업로드하세요."},
		"authorizer.too-open/deny":      {"들어오면 안 되는 요청({token})이 들어옵니다. 함수가 토큰이 맞는지만 보고 누구의 것인지는 보지 않습니다. {subject} 요청에 대한 응답: {found}", "클레임({claims})을 보고, 허용하지 않을 사용자에게는 \"Effect\": \"Deny\" 정책을 반환하세요. 그다음 코드를 업로드하세요."},
		"authorizer.too-open/malformed": {"들어오면 안 되는 요청({token})이 들어옵니다. 함수가 아무 텍스트나 허용합니다. {subject} 요청에 대한 응답: {found}", "텍스트를 점에서 나누고 서명을 확인하세요. 그 가운데 하나라도 잘못되면 raise Exception('Unauthorized')입니다. 그다음 코드를 업로드하세요."},
		"authorizer.too-open/expired":   {"들어오면 안 되는 요청({token})이 들어옵니다. 함수가 exp 클레임을 보지 않습니다. {subject} 요청에 대한 응답: {found}", "exp가 time.time()보다 뒤가 아니면 거부하세요. 그다음 코드를 업로드하세요."},
		"authorizer.too-open/wrong-key": {"들어오면 안 되는 요청({token})이 들어옵니다. 함수가 서명을 확인하지 않아서, 누구나 이런 토큰을 만들 수 있습니다. {subject} 요청에 대한 응답: {found}", "비밀 키로 서명을 다시 만들어 비교하세요(hmac.compare_digest). 그다음 코드를 업로드하세요."},
		"authorizer.too-open/unsigned":  {"들어오면 안 되는 요청({token})이 들어옵니다. 서명이 필요 없다는 토큰의 말을 함수가 그대로 믿습니다. {subject} 요청에 대한 응답: {found}", "토큰의 헤더에 무엇이 적혀 있든 {algorithm} 알고리즘만 받으세요. 그다음 코드를 업로드하세요."},
		"authorizer.too-open/tampered":  {"들어오면 안 되는 요청({token})이 들어옵니다. 서명이 이 클레임의 것이 아닌데 함수가 알아채지 못합니다. {subject} 요청에 대한 응답: {found}", "받은 그대로의 헤더와 페이로드로 서명을 다시 만들어 비교하세요. 그다음 코드를 업로드하세요."},

		"authorizer.status":               {"{subject} 요청({token})에 대한 응답의 상태 코드가 기댓값과 다릅니다.", "응답을 읽어 보세요: {body}"},
		"authorizer.status/401":           {"{subject} 요청({token})에 403 응답이 왔지만, 누구인지 알 수 없으므로 401이어야 합니다.", "토큰을 믿을 수 없을 때는 함수가 글자 그대로 raise Exception('Unauthorized')로 끝나게 하세요. API Gateway는 이 예외만 401로 바꾸고, 거부하는 정책은 403으로 바꿉니다."},
		"authorizer.status/403":           {"{subject} 요청({token})에 401 응답이 왔지만, 누구인지 알고 허용하지 않는 것이므로 403이어야 합니다.", "이 클레임({claims})에는 함수가 \"Effect\": \"Deny\" 정책을 반환하게 하세요. API Gateway는 그것을 403으로 바꾸고, raise Exception('Unauthorized')는 401로 바꿉니다."},
		"authorizer.principal":            {"{subject} 함수가 토큰을 허용하지만, 다른 사람의 토큰이라고 합니다. principalId가 다릅니다.", "클레임({claims})의 사용자를 principalId로 반환하세요. 그다음 코드를 업로드하세요."},
		"authorizer.gateway-error":        {"{subject} 요청({token})에 {found} 응답이 왔습니다. 권한 부여자에게서 온 응답이 아닙니다.", "메서드 뒤에 있는 통합과, API Gateway가 그것을 호출할 권한이 있는지 살펴보세요. 터미널 화면에서 `t`를 누르고 요청을 열면 이유가 나옵니다."},
		"authorizer.gateway-error/policy": {"{subject} 요청({token})에 {found} 응답이 왔지만, 함수는 이제 이 토큰을 허용합니다. API 자체의 리소스 정책이 거부하는 것일 수 있습니다.", "그 정책을 읽어 보세요: aws apigateway get-rest-api --rest-api-id {id} --query policy 정책이 허용한다면 배포하세요: {fix}"},
		"authorizer.gateway-error/key":    {"{subject} 메서드는 토큰 말고 API 키도 요구해서 {found} 응답이 왔습니다.", "메서드에서 키 요구를 없앤 뒤 배포하세요: {fix}"},
	}
}

func koreanTokens() map[string]string {
	return map[string]string{
		"allow": "올바른 토큰", "deny": "허용되지 않는 사용자의 올바른 토큰", "none": "토큰 없음", "malformed": "토큰이 아닌 텍스트", "expired": "만료된 토큰",
		"wrong-key": "다른 키로 서명한 토큰", "unsigned": "서명 없는 토큰(alg none)", "tampered": "서명한 뒤에 바꾼 토큰",
	}
}

func koreanAuthorizerRemarks() map[string]string {
	return map[string]string{
		"authorizer.row":       "{token}: {status}",
		"authorizer.principal": "{token}: {status}, 보안 주체 {principal}",
		"authorizer.also":      "{request}, 같은 토큰: {status}",
		"authorizer.also-none": "{request}, 토큰 없음: {status}",
		"authorizer.expected":  "상태 코드 {expected}",
		"authorizer.answer":    "다른 응답",
	}
}
