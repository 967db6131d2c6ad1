package text

func koreanCauses() Causes {
	return Causes{
		Damaged: "{file} 파일의 {offset}바이트 위치가 손상되었습니다: {cause}",
		NoEnd:   "기록에 끝이 없습니다", NoChecksum: "기록에 검사합이 없습니다", WrongChecksum: "검사합이 기록과 맞지 않습니다",
		OutOfOrder: "{want}번 기록이 있어야 할 곳에 {seq}번 기록이 있습니다", NotARecord: "그 위치에 있는 것은 기록이 아닙니다: {cause}",
		BlobMissing: "저널에 있어야 할 파일이 없습니다: {file}", BlobDiffers: "내용이 파일 이름과 맞지 않습니다",
		JournalFormat: "저널의 형식은 {found}번인데, 이 awslab이 아는 형식은 {known}번입니다", ProgressFormat: "{file} 파일의 형식은 {found}번인데, 이 awslab이 아는 형식은 {known}번입니다",
		Torn:       "저널의 마지막 기록이 중간에 끊겨({bytes}바이트) 버렸습니다. 그 호출에는 응답한 적이 없습니다",
		NoSnapshot: "에뮬레이터 상태의 스냅숏을 쓰지 못했습니다: {cause}",
		Failed:     "{call} 호출이 awslab 내부에서 실패했습니다: {cause}",
		LogEvents:  "로그 이벤트: {cause}", LogTail: "로그 이벤트의 마지막 기록이 중간에 끊겨({bytes}바이트) 따로 보관했습니다: {file}",
		Record: "{seq}번 기록, {call}: {cause}", NotEmulated: "이 awslab은 이 작업을 에뮬레이션하지 않습니다",
		AnswersError: "지금의 응답은 “{now}”인데, 기록은 “{then}”입니다", AnswersOutput: "지금의 응답은 {now}, 기록은 {then}",
		NotProgress: "이 실습의 진도가 아닙니다", NotAFile: "일반 파일이 아니거나 크기가 맞지 않습니다({bytes}바이트)", Held: "다른 awslab이 쓰고 있습니다: {file}",
		LedgerFormat: "{offset}바이트 위치의 형식은 {found}번인데, 이 awslab이 아는 형식은 {known}번입니다", NoAddress: "{file} 파일에 주소가 없습니다: {cause}",
		NoKey:    "{file} 파일에 액세스 키가 없습니다. 지우면 awslab이 새로 만듭니다({cause})",
		SeedOpen: "다른 사용자가 읽을 수 있습니다(권한 {mode}). 막는 명령: chmod 600 {file}", SeedDamaged: "파일이 손상되었습니다",
		PythonNotUnpacked: "Python을 풀지 못했습니다: {cause}", PythonNotCompiled: "Python 라이브러리를 컴파일하지 못했습니다: {cause}: “{said}”",
		PythonOpenToOthers: "다른 사용자가 쓸 수 있는 폴더입니다: {dir}. chmod go-w 명령으로 막으세요", PythonEnded: "Python이 종료 코드 {code}번으로 끝났습니다",
		PythonNoSeal: "풀어 둔 Python에 봉인이 없습니다: {cause}", PythonChanged: "{file} 파일이 푼 뒤에 바뀌었습니다. {dir} 폴더를 지우면 다시 풉니다",
		ProgramNotStarted: "{program} 프로그램을 시작하지 못했습니다: {cause}",
		System: map[string]string{
			"missing": "그런 파일이나 폴더가 없습니다", "permission": "권한이 없습니다", "exists": "이미 있습니다", "full": "디스크에 남은 공간이 없습니다",
			"read-only": "읽기 전용 파일 시스템입니다", "no-folder": "폴더가 아닙니다", "folder": "폴더입니다",
			"port-in-use": "이미 쓰고 있는 포트입니다", "no-such-address": "이 컴퓨터에 없는 주소입니다",
			"refused": "연결이 거부되었습니다", "reset": "연결이 끊겼습니다", "no-network": "네트워크에서 그곳에 이를 수 없습니다",
			"timeout": "제때 응답이 없습니다", "cancelled": "취소되었습니다", "cut-short": "내용이 중간에 끝났습니다", "no-host": "그런 호스트가 없습니다: {host}", "no-json": "JSON이 아닙니다",
		},
		At:      "{path}: {why}",
		Foreign: koreanForeign(),
		Quoted:  "“{words}”",
	}
}
