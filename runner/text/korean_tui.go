package text

// Hangul is two cells wide: the labels of keys are kept to a few syllables.
func koreanTUI() TUI {
	return TUI{
		Keys: TUIKeys{
			Open: "열기", GoOn: "계속", Up: "위로", Down: "아래로", PageUp: "이전 화면", PageDown: "다음 화면", Top: "맨 위", Bottom: "맨 아래",
			Left: "명령 왼쪽 보기", Right: "명령 오른쪽 보기",
			Run: "실행", Check: "검사", Prompt: "프롬프트", Next: "다음", Previous: "이전",
			Hint: "힌트", Fold: "펼치기", Copy: "명령 복사",
			Solve: "대신 풀기", Skip: "건너뛰기", Reset: "실습 초기화", Cleanup: "정리",
			Help: "도움말", Back: "뒤로", Cancel: "취소 또는 종료", Quit: "종료",
			Enter: "실행", Earlier: "이전 명령", Later: "다음 명령", OutputUp: "출력 위로", OutputDown: "출력 아래로", Unfocus: "본문으로",
		},
		Emulator: "에뮬레이터 {url}", Endpoint: "엔드포인트 {url}  {account}/{region}", AWS: "AWS {account}/{region}",
		Steps: "단계", Checks: "검사", Console: "콘솔", Hint: "힌트", File: "파일", Cleanup: "정리", Run: "실행",
		LessonLine:     "{minutes}분",
		NextUp:         "다음: {title}. Enter 키를 누르세요.",
		AllLessonsDone: "모든 실습을 마쳤습니다. 수고하셨습니다!",
		PressRun:       "r 키로 이 명령을 실행하거나, : 키를 눌러 직접 입력하세요",
		PressCheck:     "c 키로 이 단계를 검사하세요",
		StepPassed:     "단계를 마쳤습니다. Enter 키로 계속하세요.",
		LessonDone:     "실습을 모두 마쳤습니다. Esc 키로 과정 화면으로 돌아가세요.",
		Running:        "명령 실행 중", Checking: "검사 중", Solving: "푸는 중", CleaningUp: "정리 중",
		Resetting: "초기화 중", CommandRunning: "실행 중",
		CancelHint: "Ctrl-C로 취소", Cancelled: "취소됨", ExitCode: "종료 코드 {code}",
		NoHint: "이 단계에는 힌트가 더 없습니다.", HintOf: "힌트 {n}/{count}", Blocked: "“{title}” 단계를 먼저 마치세요.",
		Expected: "기댓값", Found: "실제값", Try: "해결",
		TooSmall:    "awslab에는 60 × 20칸이 필요합니다. 지금은 {width} × {height}칸입니다.",
		PromptEmpty: ": 키를 누르면 여기에 명령을 입력할 수 있습니다",
		Copied:      "명령을 복사했습니다.", NothingToCopy: "이 단계에는 복사할 명령이 없습니다.",
		Opening: "소개", More: "f 키로 펼치기", Help: "키", CloseHelp: "Esc 키로 닫기",
		Yes: "예", No: "아니요",
		AskSolve:   "“{title}” 단계를 awslab이 대신 풀까요? 통과가 아니라 대신 푼 것으로 기록됩니다.",
		AskSkip:    "“{title}” 단계를 건너뛸까요? 이 단계의 결과가 뒤에서 필요할 수 있습니다.",
		AskReset:   "리소스를 정리하고, 이 실습의 진도를 지우고, 파일을 복원할까요?",
		AskCleanup: "이 실습에서 만든 리소스를 삭제할까요?",
		AskQuit:    "실행 중인 작업이 있습니다. 취소하고 나갈까요?",
	}
}
