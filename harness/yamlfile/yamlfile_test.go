package yamlfile_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"example.org/conform/harness/yamlfile"
)

type secret string

func (s secret) Reveal() string { return string(s) }

type login struct {
	User     string `json:"user,omitempty"`
	Password secret `json:"password"`
}

type form struct {
	Name    string           `json:"not-this" yaml:"name"`
	Yes     bool             `yaml:"yes"`
	Count   int              `yaml:"count"`
	Rate    float64          `yaml:"rate"`
	Wait    time.Duration    `yaml:"wait"`
	Day     time.Time        `yaml:"day"`
	List    []string         `yaml:"list"`
	Login   login            `yaml:"login"`
	Logins  map[string]login `yaml:"logins"`
	private string
}

const password = "hunter2-S3cr3t"

const whole = `name: a
yes: true
count: 3
rate: 0.5
wait: 90s
day: 2031-02-28
list: [b, "1"]
login:
  user: u
  password: ` + password + `
logins:
  first: {password: ` + password + `}
`

var format = yamlfile.Format{Kind: "form", Max: 1000, Keys: map[string][]string{
	"logins": {"first", "second"}, "logins.first": {"password"},
}}

func read(text string) (*yamlfile.Document, form, error) {
	f := form{Count: 7, private: "kept"}
	doc, err := format.Parse("f.yaml", []byte(text))
	if err == nil && !doc.Empty() {
		err = doc.Into(&f)
	}
	return doc, f, err
}

func TestIntoFillsByTags(t *testing.T) {
	t.Parallel()
	doc, got, err := read("\uFEFF" + whole)
	if err != nil {
		t.Fatal(err)
	}
	want := form{"a", true, 3, 0.5, 90 * time.Second, time.Date(2031, 2, 28, 0, 0, 0, 0, time.UTC), []string{"b", "1"},
		login{"u", password}, map[string]login{"first": {Password: password}}, "kept"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for path, place := range map[string]string{
		"": "f.yaml:1:1", "rate": "f.yaml:4:7", "list[1]": "f.yaml:7:11", "login": "f.yaml:9:3",
		"logins.first.user": "f.yaml:12:10",
	} {
		if got := doc.Place(path); got != place {
			t.Errorf("%s stands at %s, want %s", path, got, place)
		}
	}
}

func TestNullIsAbsentUnlessFilledIsWanted(t *testing.T) {
	t.Parallel()
	doc, got, err := read("count:\nlogin: ~\n")
	if err != nil || got.Count != 7 || doc.Place("count") != "f.yaml:1:1" {
		t.Errorf("got %+v, %v", got, err)
	}
	filled := yamlfile.Format{Kind: "form", Max: 1000, Filled: true}
	doc, err = filled.Parse("f.yaml", []byte("name:\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Into(&got); err == nil || !strings.HasSuffix(err.Error(), ": name: must be a text that is not empty") {
		t.Errorf("error %v", err)
	}
}

// Whatever a slip of the hand makes of a file, the error is one line with the place, and does not tell the password.
func TestNoErrorQuotesTheFile(t *testing.T) {
	t.Parallel()
	refused := 0
	check := func(text string) {
		_, _, err := read(text)
		if err == nil {
			return
		}
		refused++
		if message := err.Error(); !strings.HasPrefix(message, "f.yaml:") || strings.ContainsAny(message, "\n\r") ||
			strings.Contains(message, password[:7]) || strings.Contains(message, password[len(password)-6:]) {
			t.Errorf("%q is refused by %q", text, message)
		}
	}
	for i := range whole {
		check(whole[:i])
		for _, slip := range "\n\t \"'{}[]:,#&*!|>%@`?-\\\x00" {
			check(whole[:i] + string(slip) + whole[i:])
			check(whole[:i] + string(slip) + whole[i+1:])
		}
	}
	if refused < 1000 {
		t.Errorf("only %d slips were refused: that proves little", refused)
	}
}

// Keys that the caller adds stand beside those of the struct, in its mappings and in others.
func TestTextsAreFurtherKeys(t *testing.T) {
	t.Parallel()
	var into struct {
		Name  string `yaml:"name"`
		Inner struct {
			Size int `yaml:"size"`
		} `yaml:"inner"`
	}
	own := yamlfile.Format{Kind: "form", Max: 1000, Texts: []string{"colour", "inner.shape", "outer.a", "outer.b"}}
	doc, err := own.Parse("f.yaml", []byte("name: n\ncolour: 0x1F\ninner: {size: 3, shape: round}\nouter:\n  a: ''\n  b: x\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Into(&into); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"colour": "0x1F", "inner.shape": "round", "outer.b": "x"}
	if got := doc.Texts(); into.Name != "n" || into.Inner.Size != 3 || !reflect.DeepEqual(got, want) || doc.Place("outer.b") != "f.yaml:6:6" {
		t.Errorf("got %v, %+v, at %s", got, into, doc.Place("outer.b"))
	}
	for text, want := range map[string]string{
		"inner: {colour: x}\n": `f.yaml:1:9: inner: unknown key; known are shape, size`,
		"outer: {c: x}\n":      `f.yaml:1:9: outer: unknown key; known are a, b`,
		"outer: x\n":           "f.yaml:1:8: outer: must be a mapping of keys to values",
		"colour: [x]\n":        "f.yaml:1:9: colour: must be a text; put it in quotes (anchors, aliases and tags are not read)",
		"colour: a\ncolour: b": "f.yaml:2:1: colour: stands twice; keep one",
	} {
		doc, err := own.Parse("f.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Into(&into); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

// A file is read as editors and shells of Windows save it.
func TestUTF16(t *testing.T) {
	t.Parallel()
	for name, as := range map[string]encoding.Encoding{
		"little endian": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "big endian": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	} {
		text, err := as.NewEncoder().String("name: Größe\r\ncount: 3\r\n")
		if err != nil {
			t.Fatal(err)
		}
		if doc, got, err := read(text); err != nil || got.Name != "Größe" || got.Count != 3 || doc.Place("count") != "f.yaml:2:8" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, _, err := read("n\x00a\x00m\x00e\x00:\x00 \x00a\x00"); err == nil { // no mark
		t.Error("UTF-16 that nothing tells is read")
	}
}
