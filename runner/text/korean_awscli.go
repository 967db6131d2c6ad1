package text

func koreanAWSCLI() AWSCLI {
	return AWSCLI{
		About: "AWS CLI의 명령을 awslab이 실행합니다.", Commands: "명령", Service: "{service}, 작업 {count}개",
		CommonOptions: "모든 명령의 옵션", More: "더 보기",
		Version: "{service}, API 버전 {version}", Subcommands: "하위 명령",
		Options: "옵션", Required: "필수", OutFile: "file: 응답 본문을 쓸 파일", Blob: "blob: fileb://PATH 또는 base64",
		Answer: "응답", Nothing: "아무것도 출력하지 않습니다",
	}
}
