package text

func koreanCheck() Check {
	return Check{
		Findings: koreanFindings(),
		Passed:   "통과", Failed: "실패", Undecided: "판정 불가", NotRun: "실행 안 함",
		Expected: "기댓값", Found: "실제값", Hint: "힌트", Reproduce: "직접 확인",
		Score:    "검사 {total}개 중 통과 {passed}, 실패 {failed}, 판정 불가 {undecided}, 실행 안 함 {notrun}",
		ByAwslab: "awslab이 대신 답함",
	}
}

func koreanFindings() map[string]Finding {
	return map[string]Finding{
		"check.unset": {"이 검사에 필요한 {subject} 값이 아직 없습니다. {found}", "그 값을 만드는 단계를 먼저 마친 뒤 다시 검사하세요."},

		"undecided.cancelled":   {"검사가 중단되었습니다.", "준비가 되면 다시 검사하세요."},
		"undecided.deadline":    {"제한 시간 안에 응답이 오지 않았습니다: {found}", "네트워크 연결을 확인한 뒤 다시 검사하세요."},
		"undecided.network":     {"대상에 연결할 수 없습니다: {found}", "네트워크가 연결되어 있는지, 에뮬레이터가 실행 중인지 확인한 뒤(awslab doctor) 다시 검사하세요."},
		"undecided.credentials": {"AWS가 자격 증명을 받아들이지 않습니다: {found}", "다시 로그인한 뒤(aws sso login 또는 aws configure) 검사하세요."},
		"undecided.denied":      {"현재 AWS 자격 증명에는 이 항목을 조회할 권한이 없습니다: {found}", "읽기 권한을 요청하거나 권한이 있는 프로파일로 바꾼 뒤 다시 검사하세요. 작업 자체는 올바를 수도 있습니다."},
		"undecided.throttled":   {"요청이 너무 잦아 AWS가 속도를 제한하고 있습니다: {found}", "1분쯤 기다렸다가 다시 검사하세요."},
		"undecided.server":      {"대상 쪽에서 문제가 발생했습니다: {found}", "잠시 후 다시 검사하세요. 여러분의 작업이 틀렸다는 뜻은 아닙니다."},
		"undecided.lookup":      {"검사에 필요한 값을 조회하지 못했습니다: {found}", "실패한 명령을 프롬프트에서 직접 실행하고 메시지를 읽어 보세요."},
		"undecided.too-much":    {"검사가 읽을 수 있는 양보다 항목이 많습니다.", "필요 없는 리소스를 정리하거나, 리소스가 더 적은 계정을 사용하세요."},
		"undecided.broken":      {"이 검사는 작성된 내용대로 실행할 수 없습니다: {found}", "여러분이 아니라 실습의 잘못입니다. 작성자에게 알려 주세요."},

		"lambda.missing":       {"이름이 {subject}인 함수가 없습니다.", "먼저 함수를 만드세요. 이미 만들었다면 리전을 확인하세요. 함수는 만든 리전에만 있습니다."},
		"lambda.near-miss":     {"이름이 {expected}인 함수는 없고, {found} 함수가 있습니다.", "이름은 대소문자를 구분하므로 글자 하나까지 같아야 합니다. {expected} 함수를 만들고, 필요 없다면 {found} 함수는 삭제하세요."},
		"lambda.qualifier":     {"{subject} 함수에 {expected} 버전이나 별칭이 없습니다.", "aws lambda list-versions-by-function 명령과 aws lambda list-aliases 명령으로 목록을 확인하세요."},
		"lambda.pending":       {"{subject} 함수를 아직 만드는 중입니다. 현재 상태: {found}", "Active 상태가 될 때까지 기다리세요: aws lambda wait function-active-v2 --function-name {subject}"},
		"lambda.failed":        {"Lambda가 {subject} 함수를 만들지 못했습니다: {found}", "이유를 읽고 원인을 고친 다음, 함수를 삭제하고 다시 만드세요."},
		"lambda.updating":      {"{subject} 함수를 아직 업데이트하는 중입니다.", "끝날 때까지 기다리세요: aws lambda wait function-updated-v2 --function-name {subject}"},
		"lambda.update-failed": {"{subject} 함수의 마지막 업데이트가 실패했습니다: {found}", "이유를 읽고 원인을 고친 다음, 함수를 다시 업데이트하세요."},
		"lambda.refused":       {"Lambda가 {subject} 함수에 대한 {call} 요청을 거부했습니다: {found}", "AWS의 메시지를 읽어 보세요. 어떤 설정이 잘못되었는지 나와 있습니다."},
		"lambda.import":        {"Lambda가 {subject} 함수의 코드를 불러오지 못했습니다: {message}", "핸들러는 {handler}입니다. 점 앞부분은 파일 이름이며, 이 파일은 폴더 안이 아니라 zip 파일의 최상위에 있어야 합니다. unzip -l 명령으로 들여다보세요."},
		"lambda.handler":       {"Lambda가 {subject} 함수의 코드는 불러왔지만 핸들러({handler})를 찾지 못했습니다: {message}", "점 뒷부분과 철자가 똑같은 함수가 그 파일에 있어야 합니다. 코드를 고치거나, aws lambda update-function-configuration --handler 명령으로 핸들러를 고치세요."},
		"lambda.syntax":        {"{subject} 함수의 코드가 올바른 Python이 아닙니다: {message}", "그 줄의 괄호, 따옴표, 콜론, 들여쓰기를 확인하고 다시 업로드하세요."},
		"lambda.timeout":       {"{subject} 함수가 제한 시간을 넘겼습니다: {message}", "코드를 더 빠르게 고치거나, aws lambda update-function-configuration --timeout 명령으로 제한 시간을 늘리세요."},
		"lambda.exit":          {"{subject} 함수의 프로세스가 응답하기 전에 끝났습니다: {message}", "로그에서 이유를 찾아보세요. 메모리가 부족했거나 코드가 exit를 호출했을 수 있습니다."},
		"lambda.raised":        {"{subject} 함수에서 예외가 발생했습니다: {found}", "예외가 발생한 곳({line})을 고친 뒤 코드를 다시 업로드하세요."},
		"lambda.error-missing": {"{subject} 함수는 여기서 실패해야 하는데 정상으로 응답했습니다. 응답: {found}", "실패하는 코드를 업로드했나요? update-function-code 명령 뒤에는 업데이트가 끝날 때까지 기다리세요."},
		"lambda.error-other":   {"{subject} 함수가 실패했지만, 여기서 예상한 실패가 아닙니다: {found}", "예상한 오류: {expected}. 로그를 읽고 무엇이 잘못되었는지 확인하세요."},
		"lambda.status":        {"{function} 함수가 응답했지만 {subject} 값이 기댓값과 다릅니다.", "핸들러가 반환하는 값에서 statusCode를 확인하고 코드를 다시 업로드하세요."},
		"lambda.payload":       {"{function} 함수가 응답했지만 {subject} 내용이 기댓값과 다릅니다.", "두 값을 비교해 핸들러의 반환값을 고치고 코드를 다시 업로드하세요. body는 텍스트여야 하며, json.dumps로 만들 수 있습니다."},
		"lambda.log":           {"{subject} 함수의 로그에 있어야 할 줄이 없습니다.", "코드에서 print로 출력한 내용은 모두 로그에 남습니다. print를 추가하고 코드를 다시 업로드하세요."},

		"logs.missing":     {"이름이 {subject}인 로그 그룹이 없습니다.", "함수가 처음 실행될 때 Lambda가 만들며, 함수의 역할에 로그를 쓸 권한이 있어야 합니다. 함수를 호출한 뒤 다시 검사하세요."},
		"logs.near-miss":   {"이름이 {expected}인 로그 그룹은 없고, {found} 로그 그룹이 있습니다.", "이름은 대소문자를 구분합니다. 함수 이름이 실습에 나온 것과 같은가요?"},
		"logs.none":        {"{subject} 로그 그룹에 그런 줄이 아직 없습니다.", "함수를 직접 호출한 뒤 다시 검사하세요. AWS에서는 로그가 나타나기까지 몇 초 걸리기도 합니다."},
		"logs.only-checks": {"{subject} 로그 그룹에는 awslab의 검사가 호출해서 남은 줄만 있습니다.", "검사의 호출은 인정되지 않습니다. 함수를 직접 호출하세요."},
		"logs.old":         {"{subject} 로그 그룹에는 이 단계를 시작하기 전에 남은 줄만 있습니다.", "지금 함수를 다시 호출하세요."},
		"logs.count":       {"{subject} 로그 그룹에 있는 해당 줄의 수가 기댓값과 다릅니다.", "단계의 설명대로 함수를 호출한 뒤 다시 검사하세요."},
		"logs.line":        {"{subject} 로그 그룹에 있어야 할 줄이 없습니다.", "aws logs tail {subject} 명령으로 로그를 읽고 비교하세요."},

		"call.not-found":   {"{subject} 리소스가 없습니다: {found}", "단계의 설명대로 만드세요. 이미 만들었다면 이름과 리전을 확인하세요."},
		"call.near-miss":   {"{expected} 리소스는 없고, {found} 리소스가 있습니다.", "이름은 대소문자를 구분하므로 글자 하나까지 같아야 합니다. 이름이 {expected}인 것을 만들고, 필요 없다면 {found} 리소스는 삭제하세요."},
		"call.refused":     {"AWS가 {subject} 리소스에 대한 {call} 요청을 거부했습니다: {found}", "AWS의 메시지를 읽어 보세요. 무엇이 잘못되었는지 나와 있습니다."},
		"call.still-there": {"{subject} 리소스가 아직 있습니다.", "삭제한 뒤 다시 검사하세요."},
		"call.other-error": {"{subject} 리소스에 대한 {call} 요청에 AWS가 예상과 다른 오류로 응답했습니다: {found}", "AWS의 메시지를 읽어 보세요. 예상한 오류: {expected}"},
		"call.value":       {"{of} 리소스는 있지만 다음 값이 기댓값과 다릅니다: {subject}", "두 값을 비교해 설정을 바꾸세요. 옵션은 aws … help 명령으로 볼 수 있습니다."},
		"call.absent":      {"{of} 리소스는 있지만 다음 값이 없습니다: {subject}", "단계의 설명대로 설정한 뒤 다시 검사하세요."},

		"http.status":    {"{subject} 요청에 대한 응답의 상태 코드가 기댓값과 다릅니다.", "응답을 읽어 보세요: {body}"},
		"http.header":    {"{subject} 요청에 대한 응답에서 {what} 헤더가 기댓값과 다릅니다.", "두 값을 비교하세요. 헤더 값은 글자 하나까지 같아야 합니다."},
		"http.no-header": {"{subject} 요청에 대한 응답에 {what} 헤더가 없습니다.", "응답을 만드는 곳에서 이 헤더를 추가하세요."},
		"http.body":      {"{subject} 요청에 대한 응답의 본문이 기댓값과 다릅니다.", "두 값을 비교해 응답을 만드는 곳을 고치세요."},
		"http.json":      {"{subject} 요청에 대한 응답의 JSON이 기댓값과 다릅니다.", "두 값을 비교해 응답을 만드는 곳을 고치세요. 전체 본문: {body}"},
		"http.time":      {"{subject} 요청에 걸린 시간이 기댓값을 벗어났습니다(단위: 초).", "다시 시도해 보세요. 함수의 첫 호출은 그다음 호출보다 느립니다."},
		"http.address":   {"“{subject}” 값은 URL이 아닙니다.", "주소를 만드는 단계를 먼저 마친 뒤 다시 검사하세요."},

		"file.missing":    {"작업 폴더에 {subject} 파일이 없습니다.", "파일을 만들거나, awslab reset 명령으로 실습 파일을 복원하세요."},
		"file.near-miss":  {"작업 폴더에 {expected} 파일은 없고, {found} 파일이 있습니다.", "이름을 바꾸세요: mv {found} {expected}"},
		"file.present":    {"없어야 할 {subject} 파일이 있습니다.", "삭제하세요: rm {subject}"},
		"file.not-a-file": {"{subject} 경로에 있는 것은 파일이 아닙니다.", "다른 곳으로 옮기고 그 자리에 일반 파일을 두세요."},
		"file.too-large":  {"{subject} 파일이 너무 커서 검사할 수 없습니다({found}바이트).", "{expected}바이트보다 작게 줄이세요."},
		"file.text":       {"{subject} 파일의 내용이 기댓값과 다릅니다.", "파일을 열어 비교하세요."},
		"file.undefined":  {"{subject} 파일에 {expected} 함수가 정의되어 있지 않습니다.", "다른 함수 안이 아니라 파일의 맨 왼쪽에서 시작하도록 추가하세요: def {expected}(event, context):"},
		"quiz.wrong":      {"정답이 아닙니다: “{found}”", "이 단계를 다시 읽어 보고 한 번 더 답해 보세요."},

		"file.nearly-that": {"{subject} 파일에 {expected} 함수는 없고, {found} 함수가 정의되어 있습니다.", "이름을 바꾸세요. Python의 이름은 대소문자를 구분합니다."},
	}
}
