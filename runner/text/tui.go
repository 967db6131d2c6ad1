package text

// TUI holds what the terminal program says.
type TUI struct{}

func englishTUI() TUI { return TUI{} }
