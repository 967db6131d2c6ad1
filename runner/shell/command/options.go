package command

import (
	"fmt"
	"strings"
)

// option is one parsed option: its letter and, if it takes one, its value.
type option struct {
	flag  byte
	value string
}

// parse reads options as getopt_long does: letters may be bundled, values
// attached or apart, options and operands mixed, "--" ends them. short lists
// the letters, a colon behind those with a value; long maps long names to
// letters.
func parse(args []string, short string, long map[string]byte) (opts []option, rest []string, err error) {
	takes := func(flag byte) (known, value bool) {
		i := strings.IndexByte(short, flag)
		if i < 0 || flag == ':' {
			return false, false
		}
		return true, i+1 < len(short) && short[i+1] == ':'
	}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			return opts, append(rest, args...), nil
		case strings.HasPrefix(arg, "--"):
			name, value, attached := strings.Cut(arg[2:], "=")
			flag, ok := long[name]
			if !ok {
				return nil, nil, optionError{arg, "is unknown", fmt.Sprintf("unrecognized option '--%s'", name)}
			}
			_, wants := takes(flag)
			switch {
			case wants && !attached && len(args) == 0:
				return nil, nil, optionError{arg, "requires parameter", fmt.Sprintf("option '--%s' requires an argument", name)}
			case wants && !attached:
				value, args = args[0], args[1:]
			case !wants && attached:
				return nil, nil, fmt.Errorf("option '--%s' doesn't allow an argument", name)
			}
			opts = append(opts, option{flag, value})
		case len(arg) > 1 && arg[0] == '-':
			for i := 1; i < len(arg); i++ {
				known, wants := takes(arg[i])
				if !known {
					return nil, nil, optionError{"-" + arg[i:i+1], "is unknown", fmt.Sprintf("invalid option -- '%c'", arg[i])}
				}
				if !wants {
					opts = append(opts, option{arg[i], ""})
					continue
				}
				value := arg[i+1:]
				if value == "" {
					if len(args) == 0 {
						return nil, nil, optionError{"-" + arg[i:i+1], "requires parameter", fmt.Sprintf("option requires an argument -- '%c'", arg[i])}
					}
					value, args = args[0], args[1:]
				}
				opts = append(opts, option{arg[i], value})
				break
			}
		default:
			rest = append(rest, arg)
		}
	}
	return opts, rest, nil
}

// optionError is an option that is not known or lacks its value, in GNU's words
// and in curl's.
type optionError struct{ option, curl, gnu string }

func (e optionError) Error() string { return e.gnu }
