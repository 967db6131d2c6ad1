package text

func koreanCORS() CORS {
	const nothing = " fetch()가 TypeError를 던지며, 아무것도 전송되지 않습니다."
	const asks = " 그래서 브라우저가 preflight로 먼저 물어봅니다."
	const notSent = " 본 요청은 전송되지 않습니다."
	steps := map[string]string{
		"request.url":              "“{url}” 값은 스킴과 호스트를 갖춘 URL이 아닙니다." + nothing,
		"request.url-credentials":  "URL에서 {host} 앞에 사용자 이름이나 암호가 있습니다. 스크립트는 이런 방법으로 보낼 수 없습니다." + nothing,
		"request.method":           "“{method}” 값은 메서드가 아닙니다. 메서드는 영문자, 숫자와 몇 가지 기호로 된 한 단어입니다." + nothing,
		"request.method-forbidden": "스크립트는 {method} 메서드를 쓸 수 없습니다. CONNECT, TRACE, TRACK은 브라우저만 쓸 수 있습니다." + nothing,
		"request.method-no-cors":   "`no-cors` 모드에서 스크립트는 GET, HEAD, POST만 쓸 수 있고 {method} 메서드는 쓸 수 없습니다." + nothing,
		"request.header-name":      "“{header}” 값은 헤더 이름이 아닙니다. 이름은 영문자, 숫자와 몇 가지 기호로 된 한 단어입니다." + nothing,
		"request.header-value":     "{header} 헤더의 값에 줄 바꿈이나 NUL이 있습니다." + nothing,
		"request.header-bytes":     "{header} 헤더의 값 “{value}” 안에 한 바이트로 나타낼 수 없는 문자가 있습니다. 헤더는 바이트로 이루어집니다." + nothing,
		"request.body":             "스크립트가 본문을 주었지만 {method} 요청에는 본문이 없습니다." + nothing,

		"fetch.port":        "URL의 포트는 {port}입니다. 이 포트에서는 웹 서버가 아닌 다른 서비스가 기다리므로 브라우저가 접속하지 않습니다({url}). 요청은 전송되지 않습니다.",
		"fetch.same-origin": "페이지의 출처는 {origin}, URL의 출처는 {url}입니다. same-origin 모드에서는 페이지와 다른 출처로 보낼 수 없습니다. 그곳으로는 요청이 전송되지 않습니다.",
		"fetch.no-cors":     "`no-cors` 모드는 리디렉션을 언제나 따라가는데, 스크립트가 “{redirect}” 방식을 요구했습니다. 요청은 전송되지 않습니다.",
		"fetch.scheme":      "URL의 스킴은 {scheme}입니다. CORS는 http와 https에만 있습니다. 그곳으로는 요청이 전송되지 않습니다.",

		"why.same-origin":       "페이지와 URL의 출처가 {origin}, 곧 하나입니다. 스킴과 호스트와 포트가 모두 같으므로 CORS가 관여하지 않습니다.",
		"why.no-cors":           "페이지({origin})가 {url} 주소에 `no-cors` 모드로 요청합니다. 요청은 CORS 없이 전송되고, 응답은 스크립트에 보이지 않습니다.",
		"why.simple":            "{url} 주소의 출처는 페이지의 출처({origin})와 다릅니다. {method} 메서드와 모든 헤더가 안전 목록에 있습니다. 그래서 브라우저가 요청을 바로 보낸 다음, 응답을 읽어도 되는지 살펴봅니다.",
		"why.method":            "{method} 메서드가 안전 목록(GET, HEAD, POST)에 없습니다." + asks,
		"why.header":            "{header} 헤더가 안전 목록(Accept, Accept-Language, Content-Language, Content-Type, Range)에 없습니다." + asks,
		"why.header-length":     "{header} 헤더의 값이 {length}바이트입니다. 안전 목록은 {limit}바이트까지입니다." + asks,
		"why.accept":            "{header} 헤더의 값에 안전한 바이트가 아닌 {byte} 문자가 있습니다." + asks,
		"why.language":          "{header} 헤더의 값에 {byte} 문자가 있습니다. 영문자, 숫자, 공백과 * , - . ; = 만 안전합니다." + asks,
		"why.content-type-byte": "{header} 헤더의 값에 안전한 바이트가 아닌 {byte} 문자가 있습니다." + asks,
		"why.content-type":      "{header} 헤더가 “{value}”입니다. 안전 목록에는 HTML 폼도 보낼 수 있는 application/x-www-form-urlencoded, multipart/form-data, text/plain만 있습니다." + asks,
		"why.range":             "{header} 헤더가 “{value}”입니다. 안전 목록에는 bytes=0-499처럼 시작이 있는 범위 하나만 있습니다." + asks,
		"why.headers-length":    "헤더 하나하나는 안전 목록에 있지만 값을 모두 합하면 {length}바이트입니다. 안전 목록은 {limit}바이트까지입니다." + asks,

		"preflight.network":         "{url} 주소로 보낸 preflight에 응답이 없었습니다: {error}." + notSent,
		"preflight.status":          "Preflight에 대한 응답의 상태 코드가 {status}입니다. 헤더가 어떻든 200에서 299까지만 허락으로 칩니다." + notSent,
		"preflight.redirect":        "Preflight에 대한 응답이 리디렉션입니다(상태 코드 {status}, “{location}”). Preflight는 다른 곳으로 보낼 수 없습니다." + notSent,
		"preflight.methods-syntax":  "Preflight 응답의 Access-Control-Allow-Methods가 “{allowed}”입니다. 메서드를 쉼표로 나눈 목록이 아닙니다." + notSent,
		"preflight.headers-syntax":  "Preflight 응답의 Access-Control-Allow-Headers가 “{allowed}”입니다. 이름을 쉼표로 나눈 목록이 아닙니다." + notSent,
		"preflight.method":          "Preflight 응답의 Access-Control-Allow-Methods가 “{allowed}”입니다. 여기에 {method} 메서드가 없습니다." + notSent,
		"preflight.methods-absent":  "Preflight 응답의 Access-Control-Allow-Methods에 아무 메서드도 없습니다. {method} 메서드가 적혀 있어야 합니다." + notSent,
		"preflight.method-case":     "Preflight 응답의 Access-Control-Allow-Methods가 “{allowed}”인데 메서드는 {method}입니다. 대소문자가 다르면 다른 메서드입니다." + notSent,
		"preflight.method-wildcard": "Preflight 응답의 Access-Control-Allow-Methods가 “{allowed}”입니다. 자격 증명을 보낼 때는 *가 와일드카드가 아니므로 {method} 메서드가 적혀 있어야 합니다." + notSent,
		"preflight.header":          "Preflight 응답의 Access-Control-Allow-Headers가 “{allowed}”입니다. 여기에 {header} 헤더가 없습니다." + notSent,
		"preflight.headers-absent":  "Preflight 응답의 Access-Control-Allow-Headers에 아무 헤더도 없습니다. {header} 헤더가 적혀 있어야 합니다." + notSent,
		"preflight.header-wildcard": "Preflight 응답의 Access-Control-Allow-Headers가 “{allowed}”입니다. 자격 증명을 보낼 때는 *가 와일드카드가 아니므로 {header} 헤더가 적혀 있어야 합니다." + notSent,
		"preflight.authorization":   "Preflight 응답의 Access-Control-Allow-Headers가 “{allowed}”입니다. 와일드카드 *에 {header} 헤더는 들지 않습니다. 언제나 이름이 적혀 있어야 합니다. 표준에 따르면 본 요청은 전송되지 않습니다. 다만 자격 증명이 없는 요청은 지금의 브라우저가 아직 통과시킵니다.",

		"answer.network":         "{url} 주소로 보낸 요청에 응답이 없었습니다: {error}.",
		"answer.same-origin":     "응답이 페이지 자신의 출처({origin})에서 왔습니다. 스크립트가 모두 읽을 수 있습니다.",
		"answer.opaque":          "`no-cors` 모드로 보낸 요청의 응답은 불투명합니다. 스크립트에는 상태 코드 0만 보이고, 헤더도 본문도 보이지 않습니다.",
		"answer.resource-policy": "응답의 Cross-Origin-Resource-Policy가 {policy}입니다. 출처가 {origin}인 페이지는 `no-cors` 모드에서도 쓸 수 없습니다.",

		"answer.passed-wildcard":    "응답의 Access-Control-Allow-Origin이 {allowed}입니다. 어느 페이지든 읽을 수 있고, {origin}도 마찬가지입니다.",
		"answer.passed-origin":      "응답의 Access-Control-Allow-Origin이 {allowed}, 페이지의 출처가 {origin}입니다. 글자 하나까지 같으므로 스크립트가 읽을 수 있습니다.",
		"answer.passed-credentials": "응답의 Access-Control-Allow-Origin이 {allowed}, 페이지의 출처가 {origin}입니다. 글자 하나까지 같고 Access-Control-Allow-Credentials도 {credentials}이므로 스크립트가 읽을 수 있습니다.",

		"redirect.network":           "요청이 {url} 주소로 리디렉션되었지만 그곳에서 응답이 없었습니다: {error}.",
		"redirect.error":             "응답이 리디렉션({status})입니다. 스크립트가 이럴 때 오류를 내도록 요구했습니다(redirect: error).",
		"redirect.manual":            "응답이 리디렉션({status})입니다. 스크립트가 따라가지 않도록 요구했습니다(redirect: manual). 리디렉션이 있었다는 것만 보이고 내용은 보이지 않습니다.",
		"redirect.location":          "응답이 리디렉션인데 Location(“{location}”)이 하나의 URL이 아닙니다.",
		"redirect.scheme":            "응답이 {scheme} 스킴의 URL로 가는 리디렉션입니다. fetch()는 http와 https로만 따라갑니다.",
		"redirect.count":             "요청이 {limit}번 리디렉션되고 한 번 더 리디렉션되었습니다. 너무 많습니다.",
		"redirect.credentials":       "응답이 {url} 주소로 가는 리디렉션인데 URL에 사용자 이름이나 암호가 있습니다. CORS 요청은 다른 출처로 가는 이런 리디렉션을 따라가지 않습니다.",
		"redirect.credentials-after": "다른 출처의 응답이 {url} 주소로 가는 리디렉션인데 URL에 사용자 이름이나 암호가 있습니다. CORS 요청은 따라가지 않습니다.",
	}
	koreanChecks(steps, "preflight", "Preflight 응답", "본 요청은 전송되지 않습니다.")
	koreanChecks(steps, "answer", "응답", "요청은 전송되었지만 스크립트는 응답을 읽을 수 없고 TypeError를 받습니다.")
	koreanChecks(steps, "redirect", "리디렉션 응답", "브라우저는 리디렉션을 따라가지 않고, 스크립트는 TypeError를 받습니다.")
	return CORS{
		Steps: steps,
		Origins: map[string]string{
			"origin.empty":        "출처가 비어 있습니다. 출처는 https://shop.example 같은 모양입니다.",
			"origin.too-long":     "“{origin}” 값은 출처라고 하기에는 너무 깁니다.",
			"origin.control":      "“{origin}” 값에 공백이나 제어 문자가 있습니다. 출처에는 둘 다 없습니다.",
			"origin.not-ascii":    "“{origin}” 값에 브라우저가 퓨니코드(xn--…)로 바꾸어 쓰는 문자가 있습니다.",
			"origin.wildcard":     "“{origin}” 값은 와일드카드입니다. 서버의 응답에는 쓸 수 있지만 페이지의 출처가 될 수는 없습니다.",
			"origin.list":         "“{origin}” 값은 목록입니다. 페이지의 출처는 하나입니다.",
			"origin.no-scheme":    "“{origin}” 값에 스킴이 없습니다. 출처는 http://나 https://로 시작합니다.",
			"origin.scheme":       "“{origin}” 값의 스킴이 http도 https도 아닙니다. 파일에서 연 페이지의 출처는 null입니다.",
			"origin.userinfo":     "“{origin}” 값에 사용자 이름이 있습니다. 출처에는 없습니다.",
			"origin.no-host":      "“{origin}” 값에 호스트가 없습니다.",
			"origin.host":         "“{origin}” 값의 호스트는 호스트가 될 수 없습니다.",
			"origin.port":         "“{origin}” 값의 포트는 포트가 될 수 없습니다.",
			"origin.slash":        "“{origin}” 값이 슬래시로 끝납니다. 출처 끝에는 슬래시가 없으며, 서버는 글자 하나까지 비교합니다.",
			"origin.path":         "“{origin}” 값은 페이지의 URL입니다. 출처는 호스트와 포트에서 끝납니다.",
			"origin.query":        "“{origin}” 값은 쿼리나 프래그먼트까지 있는 페이지의 URL입니다. 출처는 호스트와 포트에서 끝납니다.",
			"origin.case":         "“{origin}” 값에 대문자가 있습니다. 브라우저는 출처를 소문자로 쓰며, 서버는 글자 하나까지 비교합니다.",
			"origin.default-port": "“{origin}” 값에 스킴의 기본 포트가 적혀 있습니다. 브라우저는 기본 포트를 쓰지 않으며, 서버는 글자 하나까지 비교합니다.",
			"origin.form":         "“{origin}” 값은 브라우저가 쓰는 모양과 다릅니다. 서버는 출처를 글자 하나까지 비교합니다.",
			"origin.null-case":    "“{origin}” 값은 브라우저가 쓰는 모양과 다릅니다. 출처가 없는 페이지의 출처는 소문자로 null입니다.",
		},
		Suggest: "혹시 {suggestion} 아닌가요?",
		Problems: CORSProblems{
			TooLarge: "요청이 브라우저가 보낼 수 있는 것보다 큽니다.",
			Local:    "about:, blob:, data:로 시작하는 URL은 브라우저가 스스로 응답합니다. CORS가 관여하지 않습니다.",
			Mode:     "fetch()에 그런 모드는 없습니다.",
			Host:     "URL의 호스트에 브라우저가 퓨니코드(xn--…)로 바꾸어 쓰는 문자가 있습니다. 퓨니코드로 써 주세요.",
			Unknown:  "서버가 어떻게 응답했을지 알 수 없습니다.",
		},
		Classes: map[string]string{
			"refused": "전송 안 함", "same-origin": "같은 출처", "simple": "단순 요청", "preflighted": "preflight가 필요한 요청", "opaque": "불투명한 요청(`no-cors`)",
		},
	}
}

func koreanChecks(steps map[string]string, code, what, block string) {
	const allow, credentials = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
	of := what + "(상태 코드 {status})의 "
	for outcome, says := range map[string]string{
		"allow-origin-absent":   "브라우저가 " + what + "(상태 코드 {status})에서 " + allow + " 헤더를 찾았지만 없었습니다. 이 헤더가 없으면 다른 출처의 페이지는 읽을 수 없는데, {origin}도 다른 출처입니다.",
		"allow-origin-multiple": of + allow + "이 “{allowed}”입니다. 이 헤더는 한 번만, 그리고 출처 하나나 *만 적을 수 있습니다.",
		"allow-origin-wildcard": of + allow + "이 {allowed}입니다. 자격 증명을 보낼 때는 와일드카드가 아니므로, 글자 하나까지 페이지의 출처({origin})와 같아야 합니다.",
		"allow-origin-slash":    of + allow + "이 {allowed}, 페이지의 출처가 {origin}입니다. 글자 하나까지 비교하며, 출처 끝에는 슬래시가 없습니다.",
		"allow-origin-case":     of + allow + "이 {allowed}, 페이지의 출처가 {origin}입니다. 대소문자를 포함해 글자 하나까지 비교합니다.",
		"allow-origin-mismatch": of + allow + "이 “{allowed}”, 페이지의 출처가 {origin}입니다. 글자 하나까지 비교했더니 서로 다릅니다.",
		"allow-origin-tainted":  of + allow + "이 페이지의 출처인 {allowed}입니다. 하지만 요청이 페이지와 다른 출처 두 곳을 거쳤으므로, 브라우저는 {origin} 값과 비교합니다.",

		"allow-credentials-absent": of + allow + " 값({allowed})은 페이지의 출처({origin})와 맞지만 " + credentials + " 헤더가 없습니다. 자격 증명을 보낼 때는 true여야 합니다.",
		"allow-credentials":        of + allow + " 값({allowed})은 페이지의 출처({origin})와 맞지만 " + credentials + "가 “{credentials}”입니다. 자격 증명을 보낼 때는 소문자로 true여야 합니다.",
	} {
		steps[code+"."+outcome] = says + " " + block
	}
}
