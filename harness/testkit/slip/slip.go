// Package slip makes files that somebody has got wrong, with a secret in each: where a value should be, in one of the many ways in which
// YAML and JSON can be written, or nearly. What is said of such a file must hold no piece of the secret.
package slip

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// Secret is in every file, whole or in two halves, unless it is in the environment as Variable.
const (
	Secret   = "hX7vQz=P4wRkJ2mT"
	Variable = "SLIP_VARIABLE"
)

// piece is how many characters of the secret are told by a text that holds them.
const piece = 6

// Told is the first piece of the secret that a text holds, "" where it holds none.
func Told(text string) string {
	for i := range len(Secret) - piece + 1 {
		if strings.Contains(text, Secret[i:i+piece]) {
			return Secret[i : i+piece]
		}
	}
	return ""
}

// values are the ways to write the secret: %[1]s is the whole, %[2]s and %[3]s are its halves, %[4]s is where a further line of the value
// begins, and %[5]s is a variable that holds it.
var values = []string{
	// Plain, and what YAML takes for something else.
	"%[1]s", "%[1]s # x", "# %[1]s", "%[2]s #%[3]s", "%[1]s:", "%[1]s: x", "x: %[1]s", "%[2]s: %[3]s: x", "- %[1]s", "? %[1]s", "@%[1]s", "`%[1]s`", "%%%[1]s",
	",%[1]s", "]%[1]s", "}%[1]s", "- - %[1]s", "? %[2]s\n%[4]s: %[3]s", "%[2]s\t%[3]s", "\t%[1]s", "%[1]s\t:", "0x%[1]s", "12%[1]s", "1e9%[1]s", "true%[1]s", "~%[1]s",
	"5s%[1]s", "2031-01-01%[1]s", "2031-01-01T00:00:00Z %[1]s", "-.inf%[1]s", "%[1]s: {}", "%[1]s: [", "<<: %[1]s", "<<: *%[1]s", "--- %[1]s", "... %[1]s",
	// In quotes, or nearly.
	"'%[1]s'", `"%[1]s"`, "'%[1]s", `"%[1]s`, "%[1]s'", `%[1]s"`, `"%[2]s"%[3]s"`, "'%[2]s'%[3]s'", `"\q%[1]s"`, `"\x%[1]s"`, `"\u12%[1]s"`, `"\U%[1]s"`, `"%[1]s\`,
	"'%[1]s\"", "“%[1]s”", `"%[2]s` + "\n%[4]s" + `%[3]s"`, "'%[2]s\n\n%[4]s%[3]s'", `"%[2]s` + "\n" + `%[3]s"`, `"a": "%[1]s"`, `"%[2]s", "%[3]s"`, `"%[1]s",,`,
	`"%[2]s\n%[3]s"`, `"%[2]s\r%[3]s\u0000"`, `"\ud800%[1]s"`, `"%[1]s\n"`, `"\uFEFF%[1]s"`,
	// Over several lines.
	"%[2]s\n%[4]s%[3]s", "%[2]s\n%[4]s%[3]s: x", "%[2]s\n%[3]s", "%[2]s\n%[3]s: x", "%[2]s\n %[3]s: x", "%[2]s\n\t%[3]s", "%[2]s\r%[3]s", "%[2]s\r%[3]s: x",
	"%[2]s\r\n%[3]s: x", "%[2]s\r\r%[4]s%[3]s: x", "%[2]s\u0085%[3]s", "%[2]s\u0085%[3]s: x", "%[2]s\u2028%[3]s: x", "%[2]s\v%[3]s: x", "%[2]s\f\n%[3]s: x",
	// Block scalars, and what begins like one.
	"|%[1]s", ">%[1]s", `|%[2]s"%[3]s`, `>%[2]s"%[3]s`, `| "%[1]s"`, "|'%[1]s", "|+%[1]s", "|-\n%[4]s%[1]s", ">\n%[4]s%[2]s\n%[4]s%[3]s", "|\n%[1]s", "|9\n%[4]s%[1]s", "|1\n%[4]s%[1]s",
	"|2-%[1]s\n%[4]sx", "| %[1]s\n%[4]sx", "| # %[1]s\n%[4]sx", ">-\n\t%[1]s", "|\n%[4]s%[2]s\n %[3]s: x", ">%[2]s\n%[4]s%[3]s", "|0\n%[4]s%[1]s", "|%[2]s\"\n%[4]s%[3]s: \"",
	// Anchors, aliases and tags.
	"&%[1]s", "&%[1]s x", "&x %[1]s", "*%[1]s", "&%[2]s *%[3]s", "!%[1]s", "!%[1]s x", "!!str %[1]s", "!!int %[1]s", "!!binary %[1]s", "!!%[1]s x", "!<%[1]s> x", "!!map %[1]s",
	"!!timestamp %[1]s", "*%[1]s: x", "&%[1]s: x", "!!float '%[1]s'", "!%[2]s!%[3]s x", "!!seq\n%[4]s- %[1]s", "!!set {%[1]s}", "!!null %[1]s", "&a !b *c %[1]s",
	// Flow mappings and lists, open and closed.
	"{%[1]s", "[%[1]s", "{%[1]s: x}", "{x: %[1]s}", "[%[2]s, %[3]s]", "[%[1]s: x]", "{%[2]s, %[3]s: x}", "{%[1]s}}", "[[%[1]s]", "{a: [%[1]s}", "[%[1]s]]", "{? %[1]s}", "{%[2]s: a, %[2]s: %[3]s}",
	`{"%[1]s"}`, `{"a" "%[1]s"}`, "{'%[1]s': 1e999}", "[a, *%[1]s]", "{\"username\": \"u\", \"%[1]s\": \"x\"}", "{username: %[1]s, username: x}", "{username: u, password: [%[1]s]}",
	"{a: 0x1F, b: %[1]s}", "{%[1]s: 0x1F}", "{%[1]s: {%[1]s: .inf}}", "{%[1]s: !x y}",
	// What looks like a variable, and one.
	"${%[1]s}", "${%[1]s", "%[1]s${", "$${%[1]s}", "${%[2]s}${%[3]s}", "$%[1]s", "${}%[1]s", "%[5]s", "'%[5]s'", `"%[5]s"`, "x%[5]sx", "%[5]s: x", "{a: \"%[5]s\"}", "|\n%[4]s%[5]s", "[\"%[5]s\"]",
	`"${NOT_SET}%[1]s"`, `"%[5]s${NOT_SET}"`, "${hX7vQzP4wRkJ2mT}", "${not_set}%[1]s", `"1%[5]s"`, `"https://h/%[5]s?"`, `"https://%[5]s:99999"`, `"\u0000%[5]s"`,
	// Bytes that no text has.
	"%[2]s\xff%[3]s", "\x00%[1]s", "%[1]s\x00", "%[2]s\x1b[0m%[3]s", "\uFEFF%[1]s", "%[2]s\u202e%[3]s: x", "%[2]s\u00a0%[3]s: x", "%[2]s😀%[3]s: x",
	// Ways to write a URL, a path, a name and a day with it.
	"https://u:%[1]s@h", "https://%[1]s:99999", "https://h/?%[1]s", "%[1]s://h", "/%[1]s#", "/../%[1]s", "/%%zz%[1]s", "%[1]s\\", "%[1]s/ADX-TOK-04/x", "adaxes-%[1]s", "ADX-%[1]s-04",
}

// twists change a file as a whole.
var twists = []func(m *Mixer, text string) string{
	func(m *Mixer, text string) string { return text[:m.rand.IntN(len(text)+1)] },
	func(m *Mixer, text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
	func(m *Mixer, text string) string { return strings.ReplaceAll(text, "\n", "\r") },
	func(m *Mixer, text string) string { return strings.ReplaceAll(text, "\n", "\u0085") },
	func(m *Mixer, text string) string { return "\uFEFF" + text },
	func(m *Mixer, text string) string { return utf16(text, unicode.LittleEndian, unicode.UseBOM) },
	func(m *Mixer, text string) string { return utf16(text, unicode.BigEndian, unicode.UseBOM) },
	func(m *Mixer, text string) string { return utf16(text, unicode.LittleEndian, unicode.IgnoreBOM) },
	func(m *Mixer, text string) string { return text + "\n---\n" + text },
	func(m *Mixer, text string) string { return "%YAML 1.2\n---\n" + text + "\n...\n" },
	func(m *Mixer, text string) string { return "# " + Secret + "\n" + text },
	func(m *Mixer, text string) string { return "- " + strings.ReplaceAll(text, "\n", "\n  ") },
	func(m *Mixer, text string) string { return "{" + text },
	// One line: another indent, twice, its key and its value swapped, a tab, a comment, or without its key.
	line(func(l string) string { return " " + l }),
	line(func(l string) string { return strings.TrimPrefix(l, " ") }),
	line(func(l string) string { return l + "\n" + l }),
	line(func(l string) string {
		key, value, _ := strings.Cut(l, ": ")
		indent := len(key) - len(strings.TrimLeft(key, " -"))
		return key[:indent] + value + ": " + key[indent:]
	}),
	line(func(l string) string { return "\t" + l }),
	line(func(l string) string { return l + " # " + Secret }),
	line(func(l string) string { _, value, _ := strings.Cut(l, ": "); return value }),
	line(func(l string) string { return strings.Replace(l, ": ", ":", 1) }),
	line(func(l string) string { return strings.Replace(l, ":", "", 1) }),
	line(func(l string) string { return "" }),
	// One character: put in, or in the place of another.
	func(m *Mixer, text string) string {
		at := m.rand.IntN(len(text) + 1)
		return text[:at] + m.odd() + text[at:]
	},
	func(m *Mixer, text string) string {
		at := m.rand.IntN(len(text))
		return text[:at] + m.odd() + text[at+1:]
	},
}

func utf16(text string, end unicode.Endianness, mark unicode.BOMPolicy) string {
	as, err := unicode.UTF16(end, mark).NewEncoder().String(text)
	if err != nil {
		return text
	}
	return as
}

func line(change func(string) string) func(*Mixer, string) string {
	return func(m *Mixer, text string) string {
		lines := strings.Split(text, "\n")
		at := m.rand.IntN(len(lines))
		lines[at] = change(lines[at])
		return strings.Join(lines, "\n")
	}
}

// Mixer makes files, the same ones for the same seed.
type Mixer struct{ rand *rand.Rand }

// New makes a mixer.
func New(seed uint64) *Mixer { return &Mixer{rand.New(rand.NewPCG(seed, 0))} }

// odd is a character that means something, or nothing, to YAML.
func (m *Mixer) odd() string {
	all := []rune("\n\t\r \"'{}[]:,#&*!|>%@`?-\\\x00\u0085$~<=")
	return string(all[m.rand.IntN(len(all))])
}

// Ways is how many ways there are to write the secret in the place of a value.
func Ways() int { return len(values) }

// Places is how many values of a template can be replaced. A template has each of them between « and ».
func Places(template string) int { return strings.Count(template, "«") }

// At is the template with the secret in the place of one value, written in one way, and nothing else wrong.
func (m *Mixer) At(template string, place, way int) string {
	return m.fill(template, func(i int, _ string) (string, bool) { return values[way%len(values)], i == place })
}

// Mix is the template with the secret in some places, and often with something else wrong.
func (m *Mixer) Mix(template string) string {
	first, second := m.rand.IntN(Places(template)), m.rand.IntN(2*Places(template))
	text := m.fill(template, func(i int, _ string) (string, bool) {
		return values[m.rand.IntN(len(values))], i == first || i == second
	})
	for range m.rand.IntN(3) {
		if text != "" {
			text = twists[m.rand.IntN(len(twists))](m, text)
		}
	}
	return text
}

func (m *Mixer) fill(template string, with func(i int, value string) (string, bool)) string {
	var text strings.Builder
	for i, part := range strings.Split(template, "«") {
		value, rest, marked := strings.Cut(part, "»")
		if !marked {
			text.WriteString(part)
			continue
		}
		if way, replaced := with(i-1, value); replaced {
			so := text.String()
			current := so[strings.LastIndexByte(so, '\n')+1:]
			indent := strings.Repeat(" ", len(current)-len(strings.TrimLeft(current, " -"))+2)
			half := len(Secret) / 2
			value = fmt.Sprintf(way+"%.0[1]s%.0[2]s%.0[3]s%.0[4]s%.0[5]s", Secret, Secret[:half], Secret[half:], indent, "${"+Variable+"}")
		}
		text.WriteString(value + rest)
	}
	return text.String()
}
