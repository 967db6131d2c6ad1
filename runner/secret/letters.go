package secret

import "strconv"

// view is a text as letters: base64's, the same for both of its alphabets, without
// the white space and the escaping that stand between and before them.
type view struct {
	text    string
	letters []byte // first those that were given out before
	base    int    // the first letter of text
	ends    []int  // of each letter of text, where it ends
	begins  []int
	open    int // where an escape begins that the text does not end; len(text) if none
}

// newView takes a text apart. Without its end, an escape may still be open.
func newView(text string, recent []byte, final bool) *view {
	v := &view{text: text, base: len(recent), open: len(text)}
	v.letters = make([]byte, len(recent), len(recent)+len(text)+1)
	copy(v.letters, recent)
	v.begins, v.ends = make([]int, 0, len(text)+1), make([]int, 0, len(text)+1)
	gap := 0
	for i := 0; i < len(text); {
		letter, size, whole := symbol(text[i:])
		if !whole && !final {
			v.open = i
			break
		}
		if letter == blank {
			if gap += size; gap-size <= mostGap && gap > mostGap {
				v.add(wall, i, i)
			}
		} else {
			gap = 0
			v.add(letter, i, i+size)
		}
		i += size
	}
	return v
}

func (v *view) add(letter byte, begin, end int) {
	v.letters = append(v.letters, letter)
	v.begins, v.ends = append(v.begins, begin), append(v.ends, end)
}

// begin and end are where a letter stands in the text; what stands before the text
// is at its beginning.
func (v *view) begin(letter int) int {
	if letter < v.base {
		return 0
	}
	return v.begins[letter-v.base]
}

func (v *view) end(letter int) int {
	if letter < v.base {
		return 0
	}
	return v.ends[letter-v.base]
}

// before are the letters that were given out last when the text up to an offset
// was, not before first: as many as are not yet a run.
func (v *view) before(offset, first int) []byte {
	last := v.base
	for last < len(v.letters) && v.end(last) <= offset {
		last++
	}
	return append([]byte(nil), v.letters[max(min(first, last), last-leastRun+1):last]...)
}

// What stands for white space, for more of it than a run may have, and for bytes
// that would be taken for these.
const (
	blank = iota + 1
	wall
	other
)

// symbol reads the letter with which a text begins. whole is false where more text
// may change what it is.
func symbol(text string) (letter byte, size int, whole bool) {
	switch c := text[0]; c {
	case ' ', '\t', '\r', '\n':
		return blank, 1, true
	case '-':
		return '+', 1, true
	case '_':
		return '/', 1, true
	case '%':
		return escaped(text, 1, 2, c)
	case '\\':
		return backslash(text)
	case 0, blank, wall:
		return other, 1, true
	default:
		return c, 1, true
	}
}

// backslash reads what JSON writes with one, or with more where JSON stands in
// JSON: a line end, a slash, a letter by its number. In shells a line that goes on
// ends with one.
func backslash(text string) (letter byte, size int, whole bool) {
	n := 1
	for n < len(text) && n < 8 && text[n] == '\\' {
		n++
	}
	if n == len(text) {
		return '\\', n, false
	}
	switch text[n] {
	case 'n', 'r', 't', '\n', '\r':
		return blank, n + 1, true
	case '/':
		return '/', n + 1, true
	case 'u':
		return escaped(text, n+1, 4, '\\')
	}
	return '\\', n, true
}

// escaped reads digits of a number in base 16 that stands for a letter; plain is
// the letter where they are none.
func escaped(text string, from, digits int, plain byte) (letter byte, size int, whole bool) {
	there := text[from:min(from+digits, len(text))]
	n, err := strconv.ParseUint(there+"0"[:min(1, digits-len(there))], 16, 32)
	if err == nil && len(there) < digits {
		return plain, 1, false
	}
	if err != nil || n <= ' ' || n > '~' {
		return plain, 1, true
	}
	letter, _, _ = symbol(string(rune(n)))
	return letter, from + digits, true
}

// symbolsOf are the letters of a secret.
func symbolsOf(value string) []byte { return newView(value, nil, true).letters }
