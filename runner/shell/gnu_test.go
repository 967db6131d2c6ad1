package shell_test

// gnu are invocations of the tools as labs write them, one or a few to a line,
// which must print and exit here as bash, coreutils, grep, diffutils, jq and zip
// do; see TestAsBash.
var gnu = map[string]string{
	// Builtins and syntax.
	"printf, formats":     `printf '%d %i %o %x %X %c %s\n' 42 7 8 255 255 abc 'x y'; printf '%.2f %e %5.1f|%-8s|%08.3f\n' 3.14159 12345.678 2.25 ab 3.5; printf '%b\n' 'a\tb'; printf '%s,' 1 2 3; echo; printf '%3d|%-3d|%+d\n' 5 5 5`,
	"printf, escapes":     `printf '\x41\102\n'; printf 'a\\b\n'; printf '%s\n' 'a\nb'; printf '%5s%%\n' 50; printf -- '-x\n'`,
	"printf, wrong":       `printf '%d\n' abc 2>/dev/null || echo $?; printf '%d %d\n' 1; printf '%s\n'`,
	"echo -e":             `echo -e 'a\tb\nc\\d\x41\0101'; echo -e 'stop\chere'; echo; echo -n; echo -en 'x\n'; echo -ee y; echo -nx; echo`,
	"test":                `[ a = a ] && [ a != b ] && [ 3 -gt 2 ] && [ -n x ] && [ -z "" ] && ! [ a \> b ] && echo ok; [ 1 -eq 1 -a 2 -eq 2 ] && [ 1 = 2 -o 1 = 1 ] && echo ok2; test -d . && echo dir; touch a; sleep 0.02; touch b; [ b -nt a ] && echo newer; [ ! -e none ] && echo none`,
	"[[":                  `A=abc; [[ $A == *b* && $A != x* ]] && echo glob; [[ $A =~ (b)(c) ]] && echo "${BASH_REMATCH[0]} ${BASH_REMATCH[2]}"; [[ -f none || 2 -lt 10 ]] && echo or; [[ a < b ]] && echo less; [[ ! $A = x ]] && echo not; [[ -v A ]] && echo set; [[ "a b" == "a b" ]] && echo quoted`,
	"case":                `for x in a1 b 'c d' ''; do case "$x" in [a-b][0-9]) echo range;; b|c) echo either;; "c d") echo quoted;; "") echo empty;; esac; done; case x in x) echo 1;;& [a-z]) echo 2;; esac`,
	"read":                `printf 'a b c\nd\n' > f; read -r x y < f; echo "$x|$y"; while IFS=, read -r a b; do echo "$b$a"; done <<< 'x,y'; read -r -a arr <<< '1 2 3'; echo ${#arr[@]} ${arr[1]}; read -r z <<< '  sp  '; echo "[$z]"; IFS= read -r z <<< '  sp  '; echo "[$z]"`,
	"getopts":             `f() { local OPTIND=1 o; while getopts 'ab:' o; do case $o in a) echo A;; b) echo "B=$OPTARG";; esac; done; shift $((OPTIND-1)); echo "rest $*"; }; f -a -b x y z`,
	"arithmetic":          `i=5; echo $((i++ + ++i)) $i $((7/2)) $((7%3)) $((2**10)) $((1<<4)) $((0x1f)) $((i>3?1:0)); ((i+=2)); echo $i; let i=i*2; echo $i; for ((j=0;j<3;j++)); do printf $j; done; echo; echo $((10#08)) $(( (1+2)*3 ))`,
	"arithmetic, status":  `((0)) || echo zero; ((5)) && echo five; x=$((1/1)); echo $x`,
	"here-docs":           "V=1; cat <<EOF | tr a-z A-Z\nhi $V `echo sub`\nEOF\ncat <<'E' <<< ignored || :\n$V\nE\ncat <<-\\X\n\t\ttabbed $V\n\tX",
	"traps":               `trap 'echo exit $?' EXIT; trap 'echo err' ERR; set +e; false; true; set -e; (exit 3) || echo handled`,
	"subshells":           `X=1; (X=2; echo $X); echo $X; { X=3; }; echo $X; echo $(X=4; echo $X) $X; (cd / 2>/dev/null || :; exit 4) || echo $?`,
	"shift below 0":       `set -- a b; shift -1 2>/dev/null; echo $? $#; builtin shift -2 2>/dev/null; echo $? $#; shift -0; echo $? $#; f() { shift $((-1)); } 2>/dev/null; f x || echo no`,
	"loops":               `for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; n=0; until [ $n -ge 2 ]; do n=$((n+1)); done; echo $n; while true; do break; done; for x; do echo never; done; set -- p q; for x; do echo $x; done; shift; echo $1 $#`,
	"noclobber, dup":      `echo 1 > f; cat 0< f; cat f 2>&1 >/dev/null; ls none 2>&1 >/dev/null | wc -l`,
	"globs":               `touch a.txt b.txt c.log .hid; echo *.txt; echo [ab].*; echo ?.log; echo none*; mkdir d; touch d/x; echo */; echo d/*; echo *.{txt,log}; shopt -s nullglob; echo none* end`,
	"braces":              `echo {a,b}{1,2} {1..5} {5..1} {01..03} {a..e} {1..10..3} x{,y}z pre{x}post`,
	"quoting":             `echo "a'b" 'a"b' a\ b $'tab\there' "x\$y" "\\" '\'; echo "a   b" a   b; X='*'; echo "$X"; echo ""; set -- "a b" c; echo "$*" $#; printf '[%s]' "$@"; echo`,
	"and, or, not":        `true && echo a || echo b; false && echo a || echo b; ! false && echo c; if ! false; then echo d; fi; true || echo never; false || { echo e; }; { true; false; } || echo f`,
	"set":                 `set -- -a b; echo $1; set +u; echo "[$UNSET]"; set -u; (echo "$UNSET") 2>/dev/null || echo unset; set +e; false; echo still`,
	"pipes":               `echo a | tr a b | cat; seq 3 | { read x; echo $x; cat; }; echo x |& cat; false | true || echo pipefail; set +o pipefail`,
	"wait":                `sleep 0.01 & wait $!; echo $?; (exit 3) & wait $! || echo $?; wait; echo done`,
	"env and assignments": `X=1 env | grep ^X=; export Y='a b'; env | grep ^Y=; env Z=3 true; true`,
	"basename, dirname":   `basename /a/b/c.zip .zip; basename a; basename a/ ; dirname a/b/c; dirname a; dirname /a; dirname /; dirname a/b/`,
	"true, false, colon":  `true; false || echo $?; : ignored $((1)); echo $?`,
	"pwd":                 `mkdir -p a/b; cd a/b; basename "$PWD"; cd ..; basename "$(pwd)"; cd - > /dev/null; basename "$PWD"; pushd a/b > /dev/null 2>&1 || echo p; dirs > /dev/null`,

	// Files.
	"ls, options":      `mkdir d; touch d/b d/a d/.h; echo xx > d/c; ls d; ls -1 d; ls -a d; ls -A d; ls -r d; ls -d d d/a; ls -p d/..| head -1; ls d/none 2>/dev/null || echo $?; ls -S d | head -n 1; ls -R`,
	"cat, options":     `printf 'a\n\n\nb\t.\n' > f; cat -n f; cat f - < f | wc -l; printf x | cat f -`,
	"cp, more":         `mkdir d; echo 1 > a; echo 2 > b; cp a b d/; ls d; cp -v a c; cp a none/ 2>/dev/null || echo $?; cp -n a b; cat b; cp d e 2>/dev/null || echo omitted; cp -a d e; ls e; cp none x 2>/dev/null || echo $?; cp a a 2>/dev/null || echo same; cp -f a b; cat b`,
	"mv, more":         `echo 1 > a; echo 2 > b; mv -n a b; cat a b; mv -v a c; mkdir d; mv b c d; ls d; mv d/b d/x; ls d; mv none x 2>/dev/null || echo $?; mv -t d nothing 2>/dev/null || echo $?; mkdir e; mv d e; ls e; mv -f e/d/x y; cat y`,
	"rm, more":         `mkdir -p d/e; touch d/f a b; rm -v a; rm b; rm d 2>/dev/null || echo $?; rm -rf d none; ls; mkdir e; rm -d e; touch -- -x; rm -- -x; rm -f; rm 2>/dev/null || echo $?; touch y; rm -i y < /dev/null 2>/dev/null; ls`,
	"mkdir, more":      `mkdir -v a; mkdir -p b/c/d; ls b/c; mkdir a 2>/dev/null || echo $?; mkdir x/y 2>/dev/null || echo $?; mkdir -m 700 m; ls -ld m | cut -c1-10; rmdir m; mkdir 2>/dev/null || echo $?`,
	"stderr sentences": `{ cat none; ls none; cp none x; mv none x; rm none; mkdir none/x; rmdir none; touch none/x; head none; wc none; sort none; cut -f1 none; uniq none; grep x none; chmod 644 none; tail none; tee none/x < /dev/null; base64 none; sha256sum none; } 2>&1 || true`,
	"usage sentences":  `set +e; for c in "cat -Z" "rm" "cp" "cp a" "mv a" "mkdir" "touch" "cut" "cut -f1 -c1" "tr" "tr a" "head -n x" "tail -n x" "seq" "seq x" "uniq a b c d" "basename" "dirname" "sleep" "sleep x" "date -d nonsense" "chmod" "chmod x y" "wc -Z" "base64 a b" "tee -Z" "uniq -Z" "ls -9"; do $c < /dev/null > /dev/null 2> err; echo "$c: $?"; head -n 1 err; done`,
	"chmod, more":      `touch f; for m in 600 u+x go+r a-w ug=rw o= 0755; do chmod $m f 2>/dev/null; ls -l f | cut -c1-10; done`,

	// Filters.
	"head and tail":   `seq 12 > f; head f | tail -n 1; tail f | head -n 1; head -n -10 f; tail -n +11 f; head -c 5 f; tail -c 4 f; head -n2 f; tail -2 f; head -q -n1 f f; tail -c +24 f; head --lines=1 f; tail --lines=1 f; head -c -22 f; head -n 0 f; tail -n1 f f; seq 3 | head -n1 - f; head -1 f; tail -qn1 f f`,
	"wc, more":        `printf 'a b\nc d e\n' > f; wc f; wc -l f; wc -lw f; wc -c < f; cat f | wc -l; wc f f; printf 'no newline' | wc -l; wc -l f none 2>/dev/null; echo 한글 | wc -c; wc -w f f; : | wc; : > e; wc e`,
	"cut, more":       `printf 'a,b,c\nd,e\nf\n' > f; cut -d, -f1 f; cut -d , -f 2- f; cut -d, -f-2 f; cut -d, -f1,3 f; cut -d, -s -f2 f; cut -c1 f; cut -c 2-3 f; cut -b1-2 f; echo 'a b' | cut -d' ' -f2; cut -f1 f; cut -d, -f3,1 f; echo abc | cut -c3,1`,
	"sort, more":      `printf 'b 2\na 10\nc 1\nA 3\n' > f; sort f; sort -r f; sort -k2n f; sort -k2 f; sort -k 2,2nr f; sort -f f; sort -u -k1,1f f; printf '1.5\n-2\n10\n1e1\n' | sort -n; printf '1K\n2M\n500\n' | sort -h; printf 'v1.10\nv1.9\nv1.2\n' | sort -V; sort -c f 2>/dev/null || echo unsorted; printf 'b\na\n' | sort - f | head -n 2; printf 'a:3\nb:1\n' | sort -t: -k2; printf ' b\na\n' | sort -b; printf 'x\n\ny\n' | sort; sort --reverse f | head -n1; printf 'a b\na a\n' | sort -s -k1,1`,
	"sort, keys":      `printf 'x 1 b\nx 1 a\ny 0 c\n' | sort -k1,1 -k3,3r; printf 'a,2\nb,1\n' | sort -t , -k 2n,2; printf 'b  1\na 2\n' | sort -k2,2; printf 'b  1\na 2\n' | sort -k2b,2`,
	"uniq, more":      `printf 'a\na\nb\nA\n' > f; uniq f; uniq -c f; uniq -d f; uniq -u f; uniq -i f; uniq -ci f; sort f | uniq -c | sort -rn | head -n 1`,
	"tr, more":        `echo hello | tr a-y b-z; echo 'a  b' | tr -s ' '; echo abc123 | tr -d '[:alpha:]'; echo 'a,b' | tr , '\n'; echo aBc | tr '[:upper:]' '[:lower:]'; echo 'x y' | tr -c 'a-z\n' _; echo aabbcc | tr -s a-c; echo hello | tr -ds l o; echo abc | tr abc xy; echo '[x]' | tr '[]' '()'; echo a-b | tr - _; echo 'tab	x' | tr '\t' ' '; echo abc | tr -d '\n'; echo; echo 'a\b' | tr '\\' /; printf 'a\000b' | tr '\000' x; echo; echo AZ | tr 'A-Z' 'N-ZA-M'; echo abc | tr '[:alpha:]' '*'; echo 12 | tr '[:digit:]' '[x*]'; echo aaa | tr a '\101'`,
	"grep, more":      `printf 'apple\nBanana\ncherry pie\n\n10.0\n' > f; grep a f; grep -i B f; grep -v a f; grep -c . f; grep -n e f; grep -o '[a-z]*an' f; grep -E 'p{2}|rr' f; grep -w pie f; grep -x apple f; grep -F 0.0 f; grep -l a f; grep -L zzz f; grep -e apple -e pie f; grep -m1 a f; grep -A1 apple f; grep -B1 pie f; grep -C1 cherry f; grep -q a f && echo q; grep -s a none || echo $?; grep '^$' f | wc -l; grep 'a\+' f; grep -P '\d+' f; grep -h a f f; grep -H 10 f; grep '[[:digit:]]' f; grep -nv a f; echo 'a.b' | grep 'a\.b'; grep -E '^(a|B)' f; grep -on a f; grep -c a f f; grep '\bpie\b' f; grep -E '\w+ \w+' f; grep -iE 'BAN|PIE' f; grep -vc a f; grep -rn apple . ; grep -qs x none; echo $?`,
	"tee, more":       `echo a | tee f | cat; echo b | tee -a f > /dev/null; cat f; echo c | tee f g > /dev/null; cat f g; echo d | tee; echo e | tee /dev/null`,
	"seq, more":       `seq 3; seq 0 2 6; seq 5 -2 1; seq -s ' ' 3; seq -w 9 11; seq 1 0; seq 1.5 3; seq -3 -1; seq 0.1 0.1 0.3; seq -w 0.5 10; seq 1000000 1000001; seq -5`,
	"sleep, more":     `sleep 0.01 0.01; sleep .01; echo ok`,
	"date, more":      `date -u -d '2024-03-15 13:05:09' +'%Y/%m/%d %H:%M:%S %p %I %y %b %B %a %A %j %U %u %w %e %k %l %D %R %r %T %F %n%t%% %C %G-%V %h %c %x %X'; date -u -d @86400 +%s; date -u -d '2024-01-31 +1 day' +%F; date -u -d '2024-01-01 1 month ago' +%F; date -u -d '2024-02-28T10:00:00Z + 2 hours' +%FT%TZ; date -u -d 2024-01-01T00:00:00+09:00 +%T; date -u -Iseconds -d @0; date -u -I -d @0; date -u -R -d @0; date -u -d '2024-01-01' +%-d/%-m; date -u -d @0 +%_d%^a; date -u --date='1 Jan 2024' +%F; date -u -d 'Mon, 15 Jan 2024 10:00:00 GMT' +%s; date -u -d @0; date -u -d 'yesterday' +%F | wc -c; date -u -d @1700000000 +%s%3N; date -u -d '20240102' +%F; date -u -d '10 seconds ago' +%s | wc -c`,
	"diff, more":      `printf 'a\nb\nc\n' > x; printf 'a\nB\nc\nd\n' > y; diff x y || echo $?; diff -u x y | tail -n +3 || :; diff -q x y || :; diff x y > /dev/null || echo differ; printf 'a \nb\n' > p; printf 'a\nb\n' > q; diff -b p q && echo blind; diff -w p q && echo blind2; printf 'no end' > n; diff x n || :; diff --brief x y || :; diff - y < x || :`,
	"base64, more":    `printf 'hello world, this is a long text that wraps at some point for sure, yes' | base64; printf hi | base64 -w0; echo; printf hi | base64 -w 2; echo aGk= | base64 -d; echo; printf 'aG\nk=' | base64 --decode; echo; : | base64`,
	"sha256sum, more": `printf a > f; sha256sum f > sums; echo bad > f; printf x | sha256sum; printf x | sha256sum - | cut -d' ' -f1`,
}

// gnuJQ and gnuZip need tools that are not everywhere.
var gnuJQ = map[string]string{
	"jq, more":   `echo '{"b":1,"a":[{"n":"x","v":1},{"n":"y","v":2}],"s":"t\"q"}' > f; jq -S . f; jq -c 'keys' f; jq '.a[] | select(.v>1).n' f; jq -r '.a[] | "\(.n)=\(.v)"' f; jq '.a | map(.v) | add' f; jq '.a | length' f; jq -r '.a[].n' f; jq '.none' f; jq '.none // "d"' f; jq 'has("a")' f; jq -c 'del(.a)' f; jq -c '.a[0] + {z:1}' f; jq -c '[.a[].v] | sort | reverse' f; jq 'type' f; jq -r '.a | @json' f; jq -r '.s' f; jq '.s' f; jq -r '.a[] | [.n,.v] | @tsv' f; jq -c '.a | group_by(.n) | length' f; jq --arg n y '.a[] | select(.n==$n) | .v' f; jq -r '@base64 "x\(.b)"' f; jq -Rn '[inputs]' -c f | wc -l; jq -e '.none' f; echo $?`,
	"jq, more 2": `set +e; jq -n '"a,b" | split(",")' -c; jq -n '[1,2,3] | .[1:]' -c; jq -n '{"a":1} * {"b":2}' -c; jq -n '"x" | ascii_upcase, length, test("x")'; jq -n 'now | type'; jq -n '[3,1,2] | min, max, (sort|first), any, (index(1))'; jq -n '"2024-01-01T00:00:00Z" | fromdate'; jq -n '0 | todate'; jq -n 'if 1 == 1 then "y" else "n" end'; jq -n '[range(3)] | join("-")' ; jq -n '"abc" | .[1:]'; jq -n 'try error("x") catch .'; jq -n '[.[]?]' -c; jq -n '{} | .a.b.c = 1' -c; jq -n '[1,[2,[3]]] | flatten' -c; jq -n '""'; jq -n '1.0, 1.5, 1e3, 0.1'; jq -n '[paths]' -c; jq -rn '"a b&c" | @uri, @html, @sh'; jq -n 'reduce range(4) as $i (0; .+$i)'; jq -n '[limit(2; range(9))]' -c; jq -n 'input' < /dev/null 2>/dev/null; echo $?; echo '1 2 3' | jq -s add; echo '[1,2]' | jq '.[]' ; echo '{"a":1}{"a":2}' | jq .a; echo '{}' | jq -r 'tojson'; jq . none 2>/dev/null; echo $?; echo '{}' | jq '.[' 2>/dev/null; echo $?; echo '"x"' | jq '.a' 2>/dev/null; echo $?; echo '[{"a":1,"b":2}]' | jq --tab .; echo '[1]' | jq --indent 1 .; jq -nr '"a", "b"' ; jq -nj '"a", "b"'; echo; jq -n '$ENV | type'; jq -n 'env | type'; jq -n '"a\tb"' -r; echo '[]' | jq 'halt_error' 2>/dev/null; echo $?; jq -n '"x" | halt_error(3)' 2>/dev/null; echo $?`,
}

var gnuZip = map[string]string{
	"unzip, more": `mkdir d; echo one > d/a; echo two > d/b; zip -qr a.zip d; rm -r d; unzip -o a.zip | sort; unzip -n a.zip; unzip -q -o a.zip -d out; cat out/d/a; unzip -p a.zip d/b; unzip -j -o a.zip d/a; cat a; unzip -o a.zip 'd/*' | tail -n +2 | sort; unzip none.zip 2>/dev/null || echo $?; echo bad > bad.zip; unzip bad.zip > /dev/null 2>&1 || echo $?; unzip -qo a.zip none 2>/dev/null || echo $?`,
}
