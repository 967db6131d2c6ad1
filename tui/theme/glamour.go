package theme

import "charm.land/glamour/v2/ansi"

// Glamour is the theme for prose. Fences and callouts are drawn by package
// markdown, so they need no style here.
func (t Theme) Glamour() ansi.StyleConfig {
	yes, zero, two := true, uint(0), uint(2)
	colour := func(hex string) *string {
		if hex == "" {
			return nil
		}
		return &hex
	}
	bullet, number := t.Signs.Bullet+" ", ". "
	heading := ansi.StyleBlock{StylePrimitive: ansi.StylePrimitive{Bold: &yes, Color: colour(t.text), BlockSuffix: "\n"}}
	return ansi.StyleConfig{
		Document:    ansi.StyleBlock{StylePrimitive: ansi.StylePrimitive{Color: colour(t.text)}, Margin: &zero},
		BlockQuote:  ansi.StyleBlock{Indent: &two, StylePrimitive: ansi.StylePrimitive{Color: colour(t.muted)}},
		Paragraph:   ansi.StyleBlock{},
		List:        ansi.StyleList{LevelIndent: 2},
		Heading:     heading,
		H1:          heading,
		H2:          heading,
		H3:          heading,
		H4:          heading,
		Emph:        ansi.StylePrimitive{Italic: &yes},
		Strong:      ansi.StylePrimitive{Bold: &yes},
		Item:        ansi.StylePrimitive{BlockPrefix: bullet},
		Enumeration: ansi.StylePrimitive{BlockPrefix: number},
		Link:        ansi.StylePrimitive{Color: colour(t.muted), Underline: &yes},
		LinkText:    ansi.StylePrimitive{Color: colour(t.accent)},
		Code:        ansi.StyleBlock{StylePrimitive: ansi.StylePrimitive{Color: colour(t.code), Bold: boolIf(t.code == "")}},
		HorizontalRule: ansi.StylePrimitive{
			Color: colour(t.muted), Format: "\n" + t.Signs.Rule + t.Signs.Rule + t.Signs.Rule + "\n",
		},
		Table: t.table(),
	}
}

// table draws with the theme's signs.
func (t Theme) table() ansi.StyleTable {
	if !t.Config.ASCII {
		return ansi.StyleTable{}
	}
	cross, column, row := "+", "|", "-"
	return ansi.StyleTable{CenterSeparator: &cross, ColumnSeparator: &column, RowSeparator: &row}
}

func boolIf(b bool) *bool {
	if !b {
		return nil
	}
	return &b
}
