package text

// Evidence are the words of what checks found, in full.
type Evidence struct {
	Title, Keys                       string
	Asked, Request, Answer, Reproduce string // labels before values
}

func englishEvidence() Evidence {
	return Evidence{
		Title: "What the checks found", Keys: "↑ ↓ space scroll   esc closes",
		Asked: "asked", Request: "request", Answer: "answer", Reproduce: "yourself",
	}
}

func koreanEvidence() Evidence {
	return Evidence{
		Title: "검사 결과", Keys: "↑ ↓ space 스크롤   esc 닫기",
		Asked: "조회", Request: "요청", Answer: "응답", Reproduce: "직접 확인",
	}
}
