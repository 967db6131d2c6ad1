package vtl

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxDigits bounds whole numbers.
const maxDigits = 1000

func isNumber(v any) bool {
	switch v.(type) {
	case int64, *big.Int, float64, Decimal:
		return true
	}
	return false
}

// numberText is a number as Java writes it.
func numberText(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case *big.Int:
		return v.String()
	case Decimal:
		return string(v)
	case float64:
		return doubleText(v)
	}
	return ""
}

// doubleText is Java's Double.toString: at least one digit after the point, and
// an exponent below 0.001 and from 10,000,000 on.
func doubleText(f float64) string {
	switch a := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case a == 0 || a >= 1e-3 && a < 1e7:
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	s := strconv.FormatFloat(f, 'E', -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "E")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n)
}

func toFloat(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f
	case Decimal:
		f, _ := strconv.ParseFloat(string(v), 64)
		return f
	case float64:
		return v
	}
	return 0
}

func toBig(v any) *big.Int {
	switch v := v.(type) {
	case int64:
		return big.NewInt(v)
	case *big.Int:
		return v
	}
	return nil
}

// shrink gives a whole number its smallest type.
func shrink(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// compareNumbers is -1, 0 or 1, as Velocity's MathUtils.compare.
func compareNumbers(a, b any) int {
	if x, y := toBig(a), toBig(b); x != nil && y != nil {
		return x.Cmp(y)
	}
	x, y := toFloat(a), toFloat(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// arithmetic works out + - * / %. Nil is a division by zero, or what is too large
// to be kept.
func arithmetic(operator string, a, b any) any {
	x, y := toBig(a), toBig(b)
	if x == nil || y == nil {
		return floats(operator, toFloat(a), toFloat(b))
	}
	var n big.Int
	switch operator {
	case "+":
		n.Add(x, y)
	case "-":
		n.Sub(x, y)
	case "*":
		n.Mul(x, y)
	default:
		if y.Sign() == 0 {
			return nil
		}
		if operator == "/" {
			n.Quo(x, y)
		} else {
			n.Rem(x, y)
		}
	}
	if n.BitLen() > maxDigits*4 {
		return nil
	}
	return shrink(&n)
}

func floats(operator string, x, y float64) any {
	switch operator {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	}
	if y == 0 {
		return nil
	}
	if operator == "/" {
		return x / y
	}
	return math.Mod(x, y)
}
