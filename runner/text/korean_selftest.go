package text

func koreanSelftest() Selftest {
	return Selftest{
		Steps: "단계", Before: "하기 전 실패", After: "한 뒤 통과", Twice: "두 번 해도 통과",
		Mutants: "잡아내야 할 틀린 답", Alternatives: "받아들여야 할 다른 정답", Translations: "번역",
		Cleanup:   "(남는 것 없음)",
		Output:    "출력",
		Score:     "{total}개 중 {passed}개 검증됨, {seconds}초",
		Kept:      "이 시험의 환경을 남겨 두었습니다: {dir}. 살펴보려면: awslab shell {lesson} --lessons {lessons} --home {dir}",
		Trying:    "시험 {total}개 중 {done}개 완료",
		NoMutants: "시험한 틀린 답이 없습니다. selftest.yaml에 하나도 없습니다",
		Findings: map[string]Finding{
			"selftest.green-before":       {"{subject} 검사가 단계를 하기 전에 이미 통과하므로 아무것도 증명하지 못합니다.", "그 단계에서만 생기는 것을 보도록 검사를 바꾸세요."},
			"selftest.action-failed":      {"{subject} 단계의 명령이 실패합니다.", "`awslab shell`에서 실행해 보고 고치세요."},
			"selftest.not-green":          {"{subject} 검사가 단계를 한 뒤에도 통과하지 않습니다.", "단계의 명령이나 검사의 기댓값을 고치세요."},
			"selftest.again-failed":       {"{subject} 단계의 명령을 다시 실행하면 실패합니다.", "AWS가 두 번 만들어 주지 않는 것은 먼저 있는지 확인하세요: aws … get-thing >/dev/null 2>&1 || aws … create-thing"},
			"selftest.again-not-green":    {"단계를 두 번 하면 {subject} 검사가 통과하지 않습니다.", "AWS가 두 번 만들어 버리는 것은 먼저 있는지 확인하세요: [ -n \"${API_ID:-}\" ] || aws … create-api"},
			"selftest.not-reached":        {"{subject} 단계까지 가지 못했습니다.", "그 앞 단계를 고치세요."},
			"selftest.left":               {"정리한 뒤에도 남아 있는 것이 있습니다: {subject}", "`sh cleanup`이 있는 단계에서 삭제하세요."},
			"selftest.mutant-failed":      {"이 틀린 답의 명령이 실패합니다.", "selftest.yaml의 `run`을 고치세요. 환경을 남겨 두고 살펴보려면: awslab lesson test --only \"{subject}\" --keep"},
			"selftest.mutant-survived":    {"그래도 {subject} 검사가 통과합니다.", "검사가 더 자세히 보게 하거나, 답을 더 분명히 틀리게 만드세요."},
			"selftest.mutant-others":      {"다른 검사도 함께 실패합니다: {found}", "실패해야 할 검사를 지정하고, 한 가지만 틀린 답으로 만드세요."},
			"selftest.mutant-code":        {"{subject} 검사가 실패하지만, 결과 코드가 다릅니다. 기댓값: {expected}, 실제값: {found}", "그 결과도 학생에게 도움이 된다면 selftest.yaml에 그 코드를 적으세요."},
			"selftest.alternative-failed": {"이 답의 명령이 실패합니다.", "selftest.yaml의 `run`을 고치세요."},
			"selftest.rejected":           {"{subject} 검사가 이 답을 받아들이지 않습니다.", "어떻게 했는지가 아니라 무엇이 중요한지를 보도록 검사를 바꾸세요."},
			"selftest.undecided":          {"{subject} 검사를 판정할 수 없습니다.", "아래의 이유를 읽어 보세요. 검사는 새 에뮬레이터에서도 판정할 수 있어야 합니다."},
			"selftest.translation":        {"번역이 원문과 다른 곳이 있습니다: {subject}", "awslab lesson lint 명령으로 힌트를 볼 수 있습니다."},
		},
	}
}
