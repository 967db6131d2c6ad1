package text

// englishUsage is what the shell's commands print for --help: awslab's own
// words, since the commands have fewer options than the tools they stand for.
func englishUsage() map[string]string {
	return map[string]string{
		"base64": `usage: base64 [-d] [-w COLUMNS] [FILE]
  -d  decode (also -D, --decode)
  -w  columns of a line: 76 if not said, 0 for one long line
`,
		"basename": `usage: basename PATH [SUFFIX]
`,
		"cat": `usage: cat [-n] [FILE...]
  -n  number the lines
With no FILE, or for -, it prints its input.
`,
		"chmod": `usage: chmod MODE FILE...
MODE is octal (755) or like +x, u+x, go-w.
`,
		"cp": `usage: cp [-r] [-p] [-n] [-v] FROM... TO
  -r  folders with everything in them (also -R, -a)
  -p  keep the times
  -n  never onto a file that exists
  -v  say what is copied
`,
		"curl": `usage: curl [OPTION...] URL
  -X METHOD         -H 'Name: value'    -I  only the head
  -d DATA, -d @FILE, --data-raw, --data-binary, --data-urlencode, --json DATA
  -G  the data in the URL               -u USER:PASSWORD   -A AGENT   -e REFERER
  -i  the answer's head as well         -v  all of the conversation
  -s  no messages   -S  but errors      -f, --fail-with-body  exit 22 from 400 on
  -o FILE   -O   -w FORMAT   -D FILE    -L  follow redirects   --max-redirs N
  -k  any certificate  --compressed     -m, --max-time SECONDS  --connect-timeout
  --retry N  --retry-delay SECONDS  --retry-max-time SECONDS
  --retry-all-errors  --retry-connrefused   -b NAME=VALUE  --path-as-is  --http1.1
FORMAT knows %{http_code} %{url_effective} %{content_type} %{size_download}
%{time_total} %{num_redirects} %{redirect_url} %{method} %{errormsg} %{exitcode}
%{header_json} %header{NAME} %{stdout} %{stderr} %{onerror} \n \t
It reaches *.localhost and *.amazonaws.com, and hosts that the lesson names.
Exit codes: 3 bad URL, 6 unknown host, 7 refused, 22 from -f, 28 too slow.
`,
		"cut": `usage: cut -f LIST [-d CHAR] [-s] [FILE...]   fields
       cut -c LIST [FILE...]                  characters (-b: bytes)
LIST is like 1,3 or 2-4 or 3-
  -d  what parts fields: a tab if not said
  -s  not the lines without it
`,
		"date": `usage: date [-u] [-d WHEN] [-I[seconds]] [+FORMAT]
  -u  in UTC
  -d  WHEN is now, yesterday, tomorrow, "-5 minutes", "1 hour ago", @SECONDS,
      2006-01-02, or 2006-01-02T15:04:05Z, and "2006-01-02 +1 day"
FORMAT: %Y %m %d %H %M %S %s %N %3N %F %T %Z %z %a %A %b %B %j %y %e %I %p %n %t %%
`,
		"diff": `usage: diff [-u] [-q] [-w] FILE FILE
  -u  with three lines around each change
  -q  only whether they differ
  -w  whatever the white space
It exits with 1 if they differ.
`,
		"dirname": `usage: dirname PATH...
`,
		"env": `usage: env
It prints the exported variables. Values that lookups find are not among them
unless a block exported them; to run a command with a variable: NAME=value COMMAND
`,
		"grep": `usage: grep [-EFivnclLqowxrhHs] [-m N] [-A N] [-B N] [-C N] [-e] PATTERN [FILE...]
  -E  extended expressions (a|b, +, ?)   -F  plain text
  -i  upper and lower case alike         -v  lines that do not match
  -n  line numbers    -c  only how many  -l  only the files' names
  -q  print nothing   -o  only the match -w  whole words  -x  whole lines
  -r  folders with everything in them    -m  at most N lines
  -A -B -C  N lines after, before, around
It exits with 1 if nothing matched.
`,
		"head": `usage: head [-n LINES | -c BYTES] [FILE...]
  -n  how many lines, 10 if not said; -N: all but the last N
  -c  bytes instead of lines
`,
		"jq": `usage: jq [-rcnesSjR] [--arg NAME TEXT] [--argjson NAME JSON] FILTER [FILE...]
       jq ... FILTER --args [TEXT...]
  -r  texts without quotes       -c  one line a value
  -n  no input                   -s  all inputs in one list
  -e  exit code by the result    -S  keys in order
  -j  as -r, without newlines    -R  lines of text as input
  --tab, --indent N              --slurpfile NAME FILE, --rawfile NAME FILE
  --jsonargs                     -f FILE: the filter is in a file
`,
		"jwt": `usage: jwt encode [--claim NAME=TEXT]... [--expires TIME] [--alg ALG] [--secret KEY] [CLAIMS]
       jwt decode [--json] [TOKEN]
       jwt verify [--alg ALG] [--secret KEY] [--json] [TOKEN]
  --claim    a claim (-c): NAME=TEXT, or NAME:=JSON for a number, a list, true
  --expires  when the token expires, from now (-e): 1h, 30m, 90s, 7d; -5m: it has
  --iat      say when it was made (-i)
  --header   a member of the header (-H), as with --claim
  --alg      HS256 (the default), HS384, HS512, RS256 ..., ES256 ..., none (-A)
  --secret   the key's text, or @FILE (-S); left out, it is $JWT_SECRET, which
             no list of processes shows. RS and ES take PEM: the private key
             signs, the public one verifies
  --json     no remarks beside the JSON (-j)
CLAIMS is JSON, as in '{"user_id":"student"}', or - for the input; TOKEN is read
from the input if it is left out. decode shows what a token says, and believes
nothing; verify exits with 1 unless the signature is right and the token is not
expired. The algorithm is --alg's to say, never the token's.
`,
		"ls": `usage: ls [-a] [-l] [-h] [-1] [-d] [-R] [-t | -S] [-r] [-p] [FILE...]
  -a  names that start with a dot, too (-A: but not . and ..)
  -l  mode, size and time as well
  -1  one name a line, as always here
  -d  a folder itself, not what is in it
  -R  folders within folders
  -t  the newest first     -S  the largest first     -r  backwards
  -p  a slash after folders -h  with -l: sizes as in 1.5K
`,
		"mkdir": `usage: mkdir [-p] [-v] [-m MODE] FOLDER...
  -p  with those above it, and no complaint if it exists
`,
		"mv": `usage: mv [-f] [-n] [-v] FROM... TO
  -n  never onto a file that exists
`,
		"openssl": `usage: openssl rand [-base64 | -hex] [-out FILE] BYTES
`,
		"rm": `usage: rm [-r] [-f] [-d] [-v] FILE...
  -r  folders with everything in them (also -R)
  -f  no complaint about what does not exist
  -d  empty folders, too    -v  say what is removed
`,
		"rmdir": `usage: rmdir FOLDER...
`,
		"seq": `usage: seq [-s TEXT] [-w] [FIRST [STEP]] LAST
  -s  what stands between: a new line if not said
  -w  zeros in front, for equal width
`,
		"sha256sum": `usage: sha256sum [FILE...]
`,
		"sleep": `usage: sleep NUMBER[s|m|h|d]...
`,
		"sort": `usage: sort [-n] [-r] [-u] [-f] [-h] [-k FIELD] [-t CHAR] [-o FILE] [FILE...]
  -n  by number        -r  backwards
  -u  equal lines once -f  upper and lower case alike
  -k  by a field, like 2 or 2,2 or 2n; -t says what parts fields
  -o  where to, which may be one of the FILEs
`,
		"tail": `usage: tail [-n LINES | -c BYTES] [FILE...]
  -n  how many lines, 10 if not said; +N: from line N on
  -c  bytes instead of lines
`,
		"tee": `usage: tee [-a] [FILE...]
  -a  append
`,
		"touch": `usage: touch [-c] FILE...
  -c  make no file
`,
		"tr": `usage: tr [-c] [-d] [-s] SET [SET2]
  -d  delete the characters in SET   -s  squeeze repeats to one
  -c  every character that is not in SET
SET is like abc, a-z, '\n', [:upper:], [:lower:], [:digit:], [:alpha:], [:alnum:], [:space:], [:punct:]
`,
		"uniq": `usage: uniq [-c] [-d] [-u] [-i] [FILE]
  -c  how often each comes  -d  only repeated ones
  -u  only single ones      -i  upper and lower case alike
`,
		"unzip": `usage: unzip [-o | -n] [-q] [-l | -p] [-j] ARCHIVE [NAME...] [-d FOLDER]
  -o  overwrite             -n  never overwrite (as it does if not said)
  -l  only list             -p  print the files
  -d  where to              -j  without the folders' names
`,
		"wc": `usage: wc [-l] [-w] [-c] [-m] [FILE...]
  -l lines  -w words  -c bytes  -m characters
`,
		"zip": `usage: zip [-r] [-j] [-q] [-u] ARCHIVE FILE...
       zip -d ARCHIVE NAME...
  -r  folders with everything in them
  -j  without the folders' names
  -q  say nothing
  -u  only what is newer or not yet in it (as always, for equal files)
  -d  take entries out of the archive
  -x  PATTERN  leave out (after the files)
What the archive already holds stays in it. The same files always make the same
bytes: the archive does not record when they were written.
`,
	}
}
