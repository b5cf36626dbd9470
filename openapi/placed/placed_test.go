package placed

import (
	"reflect"
	"strings"
	"testing"
)

// What is written leads back, line by line, to where it was read.
func TestWhatIsWrittenLeadsBack(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"api.yaml": "openapi: 3.1.0\n# a remark\npaths:\n  /a/{b}: {get: {operationId: 'a b',\n    x: [1, 2.50, [], {}, -1e3]}}\n  on: ~\nend: |\n  two\n  lines\n",
		"api.json": "{\n\t\"openapi\": \"3.1.0\",\n\t\"paths\": {\"/a/{b}\": {\n\t\t\"get\": {\"operationId\": \"a b\", \"x\": [1, 2.50, [], {},\n-1e3]}}, \"on\": null}, \"end\":\n\"two\\nlines\\n\"}",
	} {
		n, err := Read(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		written := n.Write()
		again, err := Read("again.yaml", written.Text)
		if err != nil || !reflect.DeepEqual(n.Plain(), again.Plain()) || !reflect.DeepEqual(n.Ordered(), again.Ordered()) {
			t.Errorf("%s: another document: %v\n%s", name, err, written.Text)
		}
		for i, line := range strings.Split(strings.TrimSuffix(string(written.Text), "\n"), "\n") {
			from := written.Place(i + 1)
			word, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(line), `"-: `), `"`)
			word, _, _ = strings.Cut(word, ":")
			if source := strings.Split(text, "\n")[from.Line-1]; from.File != name || !strings.Contains(source, word) {
				t.Errorf("%s: %q is said to come from %s, where %q stands", name, line, from, source)
			}
		}
	}
}

// The same document in both forms is the same, whatever YAML would make of its words.
func TestFormsOfOneValue(t *testing.T) {
	t.Parallel()
	yaml, err := Read("a.yaml", []byte("base: &base {a: 1, b: 0x10}\nd: {<<: *base, a: 2}\ndate: 2026-11-27\n200: yes\nn: null\nt: true\ns: 'true'\n"))
	if err != nil {
		t.Fatal(err)
	}
	json, err := Read("a.json", []byte(`{"base": {"a": 1, "b": 16}, "d": {"a": 2, "b": 16}, "date": "2026-11-27", "200": "yes", "n": null, "t": true, "s": "true"}`))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(yaml.Plain(), json.Plain()) {
		t.Errorf("%v\nis not\n%v", yaml.Plain(), json.Plain())
	}
	if got := yaml.Pointer("/d/a").At.Line; got != 2 {
		t.Errorf("line %d", got)
	}
}

// What cannot be read is told in one line, with its place and a remedy, and quotes nothing.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"f:1: the file is empty; ":                                 " \n",
		"f:3: bytes that are not UTF-8; ":                          "a: 1\nb: 2\nc: \xff\n",
		"f:2: not readable as YAML or JSON; ":                      "a: hunter2\n\tb: [\n",
		"f:2: not readable as YAML or JSON; look ":                 "{\"a\": [\n1,\nhunter2}",
		"f:3: the key stands there twice in one mapping; ":         "a: 1\nb: 2\na: hunter2\n",
		"f:2: a name stands twice in one object; ":                 "{\"a\": 1,\n\"a\": \"hunter2\"}",
		"f:2: a second document begins behind the first; ":         "a: 1\n---\nb: hunter2\n",
		"f:1: an alias stands for what it stands in, without an e": "a: &a [hunter2, *a]\n",
		"f:1: a key that is no text; ":                             "{[hunter2]: 1, a: 2}\n",
		"f:2: a number that JSON cannot write; ":                   "a: hunter2\nb: .inf\n",
		"f:1: nested deeper than 500 levels; ":                     strings.Repeat("[", 600) + strings.Repeat("]", 600),
	} {
		_, err := Read("f", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\r") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v, want %s…", text, err, want)
		}
	}
}

// A few lines of aliases that stand for millions of values are refused.
func TestAliasesThatMultiply(t *testing.T) {
	t.Parallel()
	text := "a0: &a0 [x, x]\n"
	for i := range 25 {
		one, next := string(rune('a'+i)), string(rune('b'+i))
		if i == 0 {
			one = "a0"
		}
		text += next + ": &" + next + " [*" + one + ", *" + one + "]\n"
	}
	if _, err := Read("f", []byte(text)); err == nil || !strings.Contains(err.Error(), ": more than ") {
		t.Errorf("got %v", err)
	}
}

// FuzzRead reads whatever a file may hold. What it reads, it writes so that it is read again.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: {b: [1, 'x']}\n", `{"a": {"b": [1, "x"]}}`, "a: &a [x]\nb: *a\n", "? a\n: |\n  b\n", "{a: !!int '1', <<: {b: 2020-01-01}}", "{a: !!int ' 2020', b: c}", "\"\\u0085\": \"\\ufeff\""} {
		f.Add([]byte(seed))
	}
	f.Add([]byte("{a: {" + strings.Repeat("b", 1500) + ": {c: d}, e: 1}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := Read("f", text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || !strings.HasPrefix(err.Error(), "f:") {
				t.Errorf("%q", err)
			}
			return
		}
		written := n.Write()
		again, err := Read("f", written.Text)
		if err != nil || !reflect.DeepEqual(n.Plain(), again.Plain()) {
			t.Errorf("another document: %v\n%q", err, written.Text)
		}
		if lines := strings.Count(string(written.Text), "\n"); len(written.from) != lines {
			t.Errorf("%d lines, and %d places", lines, len(written.from))
		}
	})
}
