package text

// Korean is what awslab says in Korean. GLOSSARY.md has its terms and its
// register. A particle never follows a placeholder directly, since it would
// depend on the value: a noun comes between, as in "{subject} 함수가".
func Korean() *Text {
	return &Text{
		Language:   "ko",
		Check:      koreanCheck(),
		TUI:        koreanTUI(),
		Session:    koreanSession(),
		Shell:      koreanShell(),
		Command:    koreanCommand(),
		Selftest:   koreanSelftest(),
		Lint:       koreanLint(),
		Lesson:     Lesson{Folds{Hint: "힌트", Solution: "정답", Console: "AWS 콘솔에서 하기", Why: "동작 원리"}},
		Causes:     koreanCauses(),
		AWSCLI:     koreanAWSCLI(),
		CORS:       koreanCORS(),
		Playground: koreanPlayground(),
	}
}

func koreanSession() Session {
	return Session{
		MadeBy:          "“{title}” 단계({step})에서 만드는 값입니다",
		MadeByLesson:    "{lesson} 실습의 “{title}” 단계({step})에서 만드는 값입니다",
		Deleted:         "삭제함: {resource}",
		LeftAlone:       "그대로 둠: {resource} (awslab이 만든 리소스가 아님)",
		StillThere:      "아직 있음: {resource}: {why}",
		NothingToDelete: "삭제할 것이 없습니다. 생성 기록에 남은 리소스가 없습니다.",
		Behind:          "이미 마친 단계입니다. 뒤의 단계에서 결과물이 바뀌었으므로 다시 하지 않습니다.",
		Preparing:       "이 실습은 “{title}” 실습({lesson})의 결과물을 씁니다. 지금은 없으므로 그 실습부터 진행합니다.",
		BuiltOn:         "여기서 삭제하는 것은 “{title}” 실습({lesson})에서도 씁니다. 그때 awslab이 다시 만들 수 있습니다.",
		Restored:        "{file} 파일을 실습의 내용으로 되돌렸습니다. 여러분이 쓴 내용은 {file}.mine 파일에 있습니다.",
		OutOfReach:      "{host} 주소에 연결할 수 없습니다. 실습에서 연결할 수 있는 곳: {where}",
	}
}
