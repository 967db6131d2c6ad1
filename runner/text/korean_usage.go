package text

func koreanUsage() map[string]string {
	return map[string]string{
		"basename": `사용법: basename 경로 [끝에서 뺄 글자]
`,
		"dirname": `사용법: dirname 경로...
`,
		"cat": `사용법: cat [-n] [파일...]
  -n  줄마다 번호 붙이기
파일이 없거나 -이면 입력을 그대로 출력합니다.
`,
		"cp": `사용법: cp [-r] [-p] [-n] [-v] 원본... 대상
  -r  폴더를 안에 든 것까지 복사(-R, -a와 같음)
  -p  시각 유지
  -n  있는 파일은 덮어쓰지 않음
  -v  복사한 것 출력
`,
		"mv": `사용법: mv [-f] [-n] [-v] 원본... 대상
  -n  있는 파일은 덮어쓰지 않음
`,
		"curl": `사용법: curl [옵션...] URL
  -X 메서드         -H '이름: 값'       -I  헤더만 받기
  -d 데이터, -d @파일, --data-raw, --data-binary, --data-urlencode, --json 데이터
  -G  데이터를 URL에 넣기               -u 사용자:암호     -A 에이전트   -e 참조 URL
  -i  응답 헤더도 출력                  -v  주고받은 것을 모두 출력
  -s  메시지 없이   -S  오류는 출력     -f, --fail-with-body  400 이상이면 종료 코드 22
  -o 파일   -O   -w 형식   -D 파일      -L  리디렉션 따라가기   --max-redirs N
  -k  인증서를 확인하지 않음  --compressed   -m, --max-time 초   --connect-timeout
  --retry N  --retry-delay 초  --retry-max-time 초
  --retry-all-errors  --retry-connrefused   -b 이름=값  --path-as-is  --http1.1
형식에 쓸 수 있는 값: %{http_code} %{url_effective} %{content_type} %{size_download}
%{time_total} %{num_redirects} %{redirect_url} %{method} %{errormsg} %{exitcode}
%{header_json} %header{NAME} %{stdout} %{stderr} %{onerror} \n \t
*.localhost, *.amazonaws.com, 실습에 적힌 호스트에만 연결됩니다.
종료 코드: 3 잘못된 URL, 6 없는 호스트, 7 연결 거부, 22 -f의 실패, 28 시간 초과
`,
		"cut": `사용법: cut -f 목록 [-d 문자] [-s] [파일...]   필드
        cut -c 목록 [파일...]                  문자(-b: 바이트)
목록은 1,3 또는 2-4 또는 3-처럼 씁니다.
  -d  필드를 나누는 문자(기본값: 탭)
  -s  그 문자가 없는 줄은 빼기
`,
		"base64": `사용법: base64 [-d] [-w 열 수] [파일]
  -d  디코딩(-D, --decode와 같음)
  -w  한 줄의 열 수(기본값 76, 0이면 한 줄로)
`,
		"openssl": `사용법: openssl rand [-base64 | -hex] [-out 파일] 바이트 수
`,
		"sha256sum": `사용법: sha256sum [파일...]
`,
		"diff": `사용법: diff [-u] [-q] [-w] 파일 파일
  -u  바뀐 곳의 앞뒤 세 줄도 출력
  -q  다른지만 출력
  -w  공백의 차이는 무시
다르면 종료 코드가 1입니다.
`,
		"env": `사용법: env
내보낸 변수를 출력합니다. 조회로 얻는 값은 내보내야 나옵니다.
변수를 정해 명령을 실행하려면: 이름=값 명령
`,
		"grep": `사용법: grep [-EFivnclLqowxrhHs] [-m N] [-A N] [-B N] [-C N] [-e] 패턴 [파일...]
  -E  확장 정규 표현식(a|b, +, ?)        -F  글자 그대로
  -i  대소문자 구별 없이                 -v  맞지 않는 줄
  -n  줄 번호         -c  줄 수만        -l  파일 이름만
  -q  출력 없이       -o  맞은 부분만    -w  단어 전체   -x  줄 전체
  -r  폴더를 안에 든 것까지              -m  최대 N줄
  -A -B -C  뒤, 앞, 앞뒤의 N줄도
맞는 줄이 없으면 종료 코드가 1입니다.
`,
		"jq": `사용법: jq [-rcnesSjR] [--arg 이름 글] [--argjson 이름 JSON] 필터 [파일...]
        jq ... 필터 --args [글...]
  -r  문자열을 따옴표 없이       -c  값 하나를 한 줄로
  -n  입력 없이                  -s  모든 입력을 목록 하나로
  -e  결과에 따른 종료 코드      -S  키를 차례대로
  -j  -r과 같고 줄 바꿈 없이      -R  입력의 줄을 문자열로
  --tab, --indent N              --slurpfile 이름 파일, --rawfile 이름 파일
  --jsonargs                     -f 파일: 필터를 파일에서 읽기
`,
		"jwt": `사용법: jwt encode [--claim 이름=글]... [--expires 시간] [--alg 알고리즘] [--secret 키] [클레임]
        jwt decode [--json] [토큰]
        jwt verify [--alg 알고리즘] [--secret 키] [--json] [토큰]
  --claim    클레임 하나(-c): 이름=글, 숫자나 목록이나 true는 이름:=JSON
  --expires  지금부터 만료까지의 시간(-e): 1h, 30m, 90s, 7d. -5m이면 이미 만료
  --iat      만든 시각도 넣기(-i)
  --header   헤더의 항목(-H). 쓰는 법은 --claim과 같음
  --alg      HS256(기본값), HS384, HS512, RS256 ..., ES256 ..., none(-A)
  --secret   키의 글자 또는 @파일(-S). 쓰지 않으면 $JWT_SECRET이며, 이 값은
             프로세스 목록에 보이지 않음. RS와 ES는 PEM: 개인 키로 서명하고
             공개 키로 검증
  --json     JSON 말고 다른 설명은 출력하지 않기(-j)
클레임은 '{"user_id":"student"}' 같은 JSON이며, -이면 입력에서 읽습니다. 토큰을
쓰지 않으면 입력에서 읽습니다. decode는 토큰의 내용을 보여 줄 뿐 아무것도 믿지
않습니다. verify는 서명이 맞고 만료되지 않은 토큰이 아니면 1로 끝납니다.
알고리즘은 토큰이 아니라 --alg 옵션이 정합니다.
`,
		"ls": `사용법: ls [-a] [-l] [-h] [-1] [-d] [-R] [-t | -S] [-r] [-p] [파일...]
  -a  점으로 시작하는 이름도(-A: . 과 .. 은 빼고)
  -l  모드, 크기, 시각도
  -1  한 줄에 이름 하나(늘 이렇게 출력)
  -d  폴더 안이 아니라 폴더 자체
  -R  폴더 안의 폴더도
  -t  최근 것부터     -S  큰 것부터     -r  거꾸로
  -p  폴더 뒤에 빗금  -h  -l의 크기를 1.5K처럼
`,
		"rm": `사용법: rm [-r] [-f] [-d] [-v] 파일...
  -r  폴더를 안에 든 것까지(-R과 같음)
  -f  없는 파일이어도 조용히
  -d  빈 폴더도    -v  삭제한 것 출력
`,
		"mkdir": `사용법: mkdir [-p] [-v] [-m 모드] 폴더...
  -p  위 폴더까지 만들고, 이미 있어도 조용히
`,
		"rmdir": `사용법: rmdir 폴더...
`,
		"touch": `사용법: touch [-c] 파일...
  -c  파일을 만들지 않음
`,
		"chmod": `사용법: chmod 모드 파일...
모드는 8진수(755)이거나 +x, u+x, go-w처럼 씁니다.
`,
		"seq": `사용법: seq [-s 글] [-w] [처음 [간격]] 마지막
  -s  사이에 넣을 글(기본값: 줄 바꿈)
  -w  앞을 0으로 채워 너비 맞추기
`,
		"sort": `사용법: sort [-n] [-r] [-u] [-f] [-h] [-k 필드] [-t 문자] [-o 파일] [파일...]
  -n  숫자로 비교      -r  거꾸로
  -u  같은 줄은 하나만 -f  대소문자 구별 없이
  -k  필드로 비교: 2 또는 2,2 또는 2n. -t는 필드를 나누는 문자
  -o  결과를 쓸 파일(입력 파일이어도 됨)
`,
		"uniq": `사용법: uniq [-c] [-d] [-u] [-i] [파일]
  -c  되풀이된 횟수   -d  되풀이된 줄만
  -u  한 번만 나온 줄 -i  대소문자 구별 없이
`,
		"head": `사용법: head [-n 줄 수 | -c 바이트 수] [파일...]
  -n  줄 수(기본값 10). -N: 마지막 N줄을 뺀 나머지
  -c  줄 대신 바이트
`,
		"tail": `사용법: tail [-n 줄 수 | -c 바이트 수] [파일...]
  -n  줄 수(기본값 10). +N: N번째 줄부터
  -c  줄 대신 바이트
`,
		"wc": `사용법: wc [-l] [-w] [-c] [-m] [파일...]
  -l 줄  -w 단어  -c 바이트  -m 문자
`,
		"tee": `사용법: tee [-a] [파일...]
  -a  파일 끝에 덧붙이기
`,
		"sleep": `사용법: sleep 숫자[s|m|h|d]...
`,
		"date": `사용법: date [-u] [-d 시각] [-I[seconds]] [+형식]
  -u  UTC로
  -d  시각: now, yesterday, tomorrow, "-5 minutes", "1 hour ago", @초,
      2006-01-02, 2006-01-02T15:04:05Z, "2006-01-02 +1 day"
형식: %Y %m %d %H %M %S %s %N %3N %F %T %Z %z %a %A %b %B %j %y %e %I %p %n %t %%
`,
		"tr": `사용법: tr [-c] [-d] [-s] 문자들 [바꿀 문자들]
  -d  해당하는 문자 지우기   -s  되풀이되는 문자를 하나로
  -c  해당하지 않는 모든 문자
문자들은 abc, a-z, '\n', [:upper:], [:lower:], [:digit:], [:alpha:], [:alnum:], [:space:], [:punct:]처럼 씁니다.
`,
		"unzip": `사용법: unzip [-o | -n] [-q] [-l | -p] [-j] 압축 파일 [이름...] [-d 폴더]
  -o  덮어쓰기              -n  덮어쓰지 않기(기본값)
  -l  목록만 보기           -p  파일 내용 출력
  -d  풀 곳                 -j  폴더 이름 빼기
`,
		"zip": `사용법: zip [-r] [-j] [-q] [-u] 압축 파일 파일...
        zip -d 압축 파일 이름...
  -r  폴더를 안에 든 것까지
  -j  폴더 이름 빼기
  -q  출력 없이
  -u  새로운 파일과 더 최근에 바뀐 파일만(같은 파일은 늘 건너뜀)
  -d  압축 파일에서 빼기
  -x  패턴  넣지 않을 파일(파일 이름 뒤에)
이미 들어 있는 파일은 남습니다. 만든 시각을 기록하지 않으므로 같은 파일은 늘
같은 압축 파일이 됩니다.
`,
	}
}
