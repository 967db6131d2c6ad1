package text

func koreanShell() Shell {
	editor := "cat > FILE <<'EOF'로 파일을 쓰거나, 쓰던 편집기로 작업 폴더를 여세요."
	bash := "명령을 여기에 그대로 쓰세요. 이 셸의 언어가 bash입니다."
	library := "함수에서는 Python 표준 라이브러리만 쓸 수 있습니다."
	return Shell{
		NotHere: "awslab: {name}: 실습 셸에 없는 명령입니다",
		Known:   "있는 명령: {names}. 설명 보기: help",
		Instead: map[string]string{
			"sed":     "${NAME//old/new}, tr, head, tail 또는 python3를 쓰세요.",
			"awk":     "cut, read를 쓰는 반복문, jq 또는 python3를 쓰세요.",
			"xargs":   "반복문을 쓰세요: `while read -r x; do …; done`",
			"find":    "ls -R, */*.py 같은 패턴 또는 반복문을 쓰세요.",
			"wget":    "curl -O를 쓰세요.",
			"vi":      editor,
			"vim":     editor,
			"nano":    editor,
			"less":    "cat 또는 head를 쓰세요.",
			"more":    "cat 또는 head를 쓰세요.",
			"pip":     library,
			"pip3":    library,
			"md5sum":  "sha256sum을 쓰세요.",
			"timeout": "명령은 5분이 지나면 저절로 끝납니다. curl에는 --max-time 옵션이 있습니다.",
			"sudo":    "여기서는 필요하지 않습니다.",
			"bash":    bash,
			"sh":      bash,
			"docker":  "함수는 docker 없이 실행됩니다.",
		},
		ExitCode:  "종료 코드 {code}",
		Syntax:    "{line}행 {column}열: {cause}",
		Refused:   "실습 셸에서 쓸 수 없습니다: {what}",
		RefusedAt: "{line}행: 실습 셸에서 쓸 수 없습니다: {what}",
		Stopped: map[string]string{
			"time":       "제한 시간이 지나 중단했습니다: {bound}",
			"output":     "출력이 너무 많아 중단했습니다(한도 {bound})",
			"memory":     "메모리를 너무 많이 써서 중단했습니다(한도 {bound})",
			"goroutines": "백그라운드 작업과 파이프가 한꺼번에 너무 많아 중단했습니다",
			"depth":      "함수가 서로를 너무 깊이 호출해 중단했습니다",
			"text":       "셸 명령이 너무 길어 중단했습니다(한도 {bound})",
		},
		Unset:    "{name} 변수에 값이 없습니다",
		UnsetWhy: "{name} 변수에 값이 없습니다: {why}",
		Lookup:   "{name} 변수의 값을 조회하지 못했습니다: {cause}",
	}
}
