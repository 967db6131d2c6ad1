package text

func koreanAWSCLI() AWSCLI {
	return AWSCLI{
		About: "AWS CLI의 명령을 awslab이 실행합니다.", Commands: "명령", Service: "{service}, 작업 {count}개",
		CommonOptions: "모든 명령의 옵션", More: "더 보기",
		Version: "{service}, API 버전 {version}", Subcommands: "하위 명령",
		Options: "옵션", Required: "필수", OutFile: "file: 응답 본문을 쓸 파일", Blob: "blob: fileb://PATH 또는 base64",
		Answer: "응답", Nothing: "아무것도 출력하지 않습니다",
		ConfigureHelp: `aws configure list             리전과 키를 어디에서 얻는지 보기
aws configure get NAME         값 하나 보기: region, output, aws_access_key_id
aws configure list-profiles    프로파일 보기

리전과 키는 awslab이 정합니다. 따로 설정할 것이 없습니다.
`,
		Configure:        "리전과 키는 awslab이 정합니다. `aws configure list` 또는 `aws configure get NAME` 명령을 쓰세요",
		ConfigureNothing: "여기서는 바꿀 것이 없습니다(aws configure {subcommand}). 리전과 키는 awslab이 정합니다. `aws configure list` 또는 `aws configure get NAME` 명령을 쓰세요",
		NoCommand:        "awslab의 aws에 없는 명령입니다: {command}. 있는 명령: {commands}.\nAWS 계정에 쓰는 AWS CLI에는 그 명령이 있습니다.",
		NoOutput:         "awslab의 aws는 json, text, table 형식으로만 출력합니다. 쓴 값: {output}",
	}
}
