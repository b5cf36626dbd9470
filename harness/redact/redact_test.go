package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

const token = `Zk3+/aQ=="x\y&z<9%7 éß`

func TestScrubFindsEachEncoding(t *testing.T) {
	t.Parallel()
	b64 := base64.StdEncoding.EncodeToString
	basic := b64([]byte("user:" + token))
	tests := map[string]string{
		"literal":                     token,
		"percent, all":                "%5A%6B%33%2B%2F%61%51%3D%3D%22%78%5C%79%26%7A%3C%39%25%37%20%C3%A9%C3%9F",
		"percent, lower case":         "Zk3%2b%2faQ%3d%3d%22x%5cy%26z%3c9%257%20%c3%a9%c3%9f",
		"form":                        "Zk3%2B%2FaQ%3D%3D%22x%5Cy%26z%3C9%257+%C3%A9%C3%9F",
		"percent, twice":              "Zk3%252B%252FaQ%253D%253D%2522x%255Cy%2526z%253C9%25257%2520%25C3%25A9%25C3%259F",
		"plus read as a space":        `Zk3 /aQ=="x\y&z<9%7 éß`,
		"JSON":                        `Zk3+\/aQ==\"x\\y&z<9%7 \u00e9\u00DF`,
		"JSON as .NET writes it":      `Zk3\u002B/aQ==\u0022x\\y\u0026z\u003C9%7 \u00E9\u00DF`,
		"JSON in JSON":                `Zk3\\u002B/aQ==\\u0022x\\\\y\\u0026z\\u003C9%7 \\u00E9\\u00DF`,
		"HTML":                        `Zk3+/aQ==&quot;x\y&amp;z&lt;9%7 &eacute;&szlig;`,
		"HTML, numbers":               `Zk3&#43;&#x2F;aQ==&#34;x\y&#x26;z&#60;9%7 &#233;&#xDF;`,
		"HTML in JSON":                `Zk3\u0026#43;/aQ==\u0026quot;x\\y\u0026amp;z\u0026lt;9%7 éß`,
		"JSON in HTML":                `Zk3&#92;u002B/aQ==\&quot;x\\y&amp;z&lt;9%7 éß`,
		"JSON in percent":             `Zk3%5Cu002B%2FaQ==%5C%22x%5C%5Cy%26z%3C9%257%20éß`,
		"percent in JSON in percent":  `Zk3%252B/aQ==%5C%2522x%5C%5Cy&z<9%7 éß`,
		"each character another way":  `%5A&#107;3\u002B%252Fa\u0051&#x3D;%3D\"\x78\\y&amp;&#37;7A\u003c9%257+&eacute;%C3%9F`,
		"old JavaScript escape":       `Zk3+/aQ%3D%3D%22x%5Cy%26z%3C9%257%20%u00E9%u00DF`,
		"Latin-1":                     "Zk3+/aQ==\"x\\y&z<9%7 \xe9\xdf",
		"Latin-1, percent":            "Zk3+/aQ==\"x\\y&z<9%7 %E9%DF",
		"UTF-8 read as Latin-1, JSON": `Zk3+/aQ==\"x\\y&z<9%7 \u00c3\u00a9\u00c3\u009f`,
		"base64":                      b64([]byte(token)),
		"base64, URL alphabet":        base64.RawURLEncoding.EncodeToString([]byte(token)),
		"base64, percent":             strings.NewReplacer("+", "%2B", "/", "%2f", "=", "%3D").Replace(b64([]byte(token))),
		"base64, line breaks":         b64([]byte(token))[:11] + "\r\n" + b64([]byte(token))[11:],
		"base64, line breaks in JSON": b64([]byte(token))[:11] + `\r\n` + b64([]byte(token))[11:],
		"base64 of UTF-16":            b64([]byte(utf16le(token))),
		"base64 of the form":          b64([]byte("Zk3%2B%2FaQ%3D%3D%22x%5Cy%26z%3C9%257+%C3%A9%C3%9F")),
		// The first seven characters hold the user's name, and stay as they are.
		"Basic, all characters escaped": percentAll(basic[7:]),
		"hex":                           hex.EncodeToString([]byte(token)),
		"hex, upper case":               strings.ToUpper(hex.EncodeToString([]byte(token))),
		"hex, JSON":                     strings.ReplaceAll(hex.EncodeToString([]byte(token)), "7", `\u0037`),
	}
	var r Redactor
	r.Add("token-2", token)
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := r.Scrub("[" + text + "]")
			if got != "[‹token-2›]" {
				t.Errorf("Scrub(%q)\n got %q", text, got)
			}
			if found := r.scan("["+text+"]", nil); len(found) == 0 || found[0].from != 1 || found[0].to != 1+len(text) {
				t.Errorf("scan(%q) = %+v", text, found)
			}
		})
	}
}

func percentAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func TestScanSaysWhere(t *testing.T) {
	t.Parallel()
	var r Redactor
	r.Add("t", "se+ret")
	text := "se+ret se%2Bret " + base64.StdEncoding.EncodeToString([]byte("se+ret")) + " " + hex.EncodeToString([]byte("se+ret"))
	want := []span{{0, 6, 0}, {7, 15, 0}, {16, 24, 0}, {25, 37, 0}}
	got := r.scan(text, nil)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestScrubOverlaps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		secrets    []string // named a, b, …
		text, want string
	}{
		{"longest of two with one start", []string{"abcd1234", "abcd12345"}, "abcd12345 abcd1234", "‹b› ‹a›"},
		{"cut token", []string{"abcd12345678", "abcd1234"}, "abcd1234567 abcd12345678", "‹b›567 ‹a›"},
		{"one inside another", []string{"xxmiddlexx", "middle"}, "xxmiddlexx middle", "‹a› ‹b›"},
		{"tail and head shared", []string{"firsthalf", "halfsecond"}, "[firsthalfsecond]", "[‹a›‹b›]"},
		{"chain of three", []string{"aaaabbbb", "bbbbcccc", "ccccdddd"}, "aaaabbbbccccdddd", "‹a›‹b›‹c›"},
		{"side by side", []string{"abcd", "efgh"}, "abcdefghabcd", "‹a›‹b›‹a›"},
		{"twice side by side", []string{"abcd"}, "abcdabcd", "‹a›‹a›"},
		{"overlaps itself", []string{"ababab"}, "-abababab-", "-‹a›-"},
		{"near miss", []string{"token-value-1", "token-value-2"}, "token-value-2 token-value-3", "‹b› token-value-3"},
		{"plus and space told apart", []string{"tok+en", "tok en"}, "tok en tok+en", "‹b› ‹a›"},
		{"literal percent", []string{"pa%41ss"}, "pa%41ss pa%2541ss", "‹a› ‹a›"},
		{"percent beside its code", []string{"pa%25ss"}, "pa%25ss pa%2525ss pa%ss", "‹a› ‹a› pa%ss"},
		{"backslashes", []string{`a\\b\c`}, `a\\b\c a\\\\b\\c a\\\\\\\\b\\\\c`, "‹a› ‹a› ‹a›"},
		{"name of itself", []string{"oken", "‹b›"}, "token ‹b›", "t‹a› ‹b›"},
		{"in a name", []string{"oken"}, "‹a› oken", "‹a› ‹a›"},
		{"a name inside", []string{"abcd", "x‹a›y"}, "xabcdy x‹a›y", "‹b› ‹b›"},
		{"part of a name", []string{"abcd", "abcd‹a"}, "abcd‹a› abcd‹a", "‹a›‹a› ‹b›"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r Redactor
			for i, s := range tt.secrets {
				r.Add(string(rune('a'+i)), s)
			}
			if got := r.Scrub(tt.text); got != tt.want {
				t.Errorf("Scrub(%q) = %q, want %q", tt.text, got, tt.want)
			}
			if got := r.Scrub(tt.want); got != tt.want {
				t.Errorf("again: %q became %q", tt.want, got)
			}
		})
	}
}

func TestScrubLeavesNamesAlone(t *testing.T) {
	t.Parallel()
	var r Redactor
	for i, s := range []string{"token", "token-2", "oken-", "‹tok", "2›"} {
		r.Add(fmt.Sprintf("token-%d", i+1), s)
	}
	once := r.Scrub("my token and token-2 and oken-.")
	if want := "my ‹token-1› and ‹token-2› and ‹token-3›."; once != want {
		t.Errorf("got %q, want %q", once, want)
	}
	if again := r.Scrub(once); again != once {
		t.Errorf("again: %q", again)
	}
}

func TestShortSecretsOnlyAsWholeTokens(t *testing.T) {
	t.Parallel()
	var r Redactor
	r.Add("pin", "x1")
	r.Add("umlaut", "é")
	r.Add("basic", base64.StdEncoding.EncodeToString([]byte("u:x1")))
	in := `x1 "x1" =x1& ax1 x1a x1é é éé dTp4MQ== eDE=`
	want := `‹pin› "‹pin›" =‹pin›& ax1 x1a x1é ‹umlaut› éé ‹basic› eDE=`
	if got := r.Scrub(in); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A row number that is a ticket's identifier must not tear holes into every figure of a report.
func TestAShortNumberOnlyAsAWholeToken(t *testing.T) {
	t.Parallel()
	var r Redactor
	r.Add("ticket", "4711")
	r.Add("session", "9007199254740993")
	in := `"started":"2026-11-22T06:12:33.035247111Z" :47113/ {"id":4711} NDcxMQ== 34373131 a9007199254740993 OTAwNzE5OTI1NDc0MDk5Mw`
	want := `"started":"2026-11-22T06:12:33.035247111Z" :47113/ {"id":‹ticket›} NDcxMQ== 34373131 a‹session› ‹session›`
	if got := r.Scrub(in); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestScrubKeepsOtherBytes(t *testing.T) {
	t.Parallel()
	var r Redactor
	r.Add("t", "secret")
	in := "\xff\xfe\x00%\\&%zz\\u12&#;&#x110000;\xe2\x80secret\xc3\xe2\x80\xb9x\x80"
	want := strings.Replace(in, "secret", "‹t›", 1)
	if got := r.Scrub(in); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := (&Redactor{}).Scrub(in); got != in {
		t.Errorf("a redactor without secrets changed %q to %q", in, got)
	}
}

func TestAddKeepsFirstName(t *testing.T) {
	t.Parallel()
	var r Redactor
	r.Add("first", "value-1")
	r.Add("second", "value-1")
	r.Add("none", "")
	r.Add("", "value-2")
	r.Add("‹marked›", "value-3")
	if got := len(r.values); got != 3 {
		t.Errorf("%d values, want 3", got)
	}
	for value, want := range map[string]string{"value-1": "first", "value-2": "secret-2", "value-3": "marked"} {
		if got, ok := r.Name(value); !ok || got != want {
			t.Errorf("Name(%q) = %q, %v, want %q", value, got, ok, want)
		}
	}
	if got, ok := r.Name("value%2D3"); !ok || got != "marked" {
		t.Errorf("the name of another form is %q", got)
	}
	if got, ok := r.Name("value-33"); ok {
		t.Errorf("the name of more than a secret is %q", got)
	}
	if got, ok := r.Name(""); ok {
		t.Errorf("Name of nothing = %q", got)
	}
}

func TestBase64AtEveryAlignment(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := range 600 {
		secret := randomText(rnd, 4+rnd.IntN(60), secretChars)
		before, after := randomText(rnd, n%7, secretChars), randomText(rnd, n/7%5, secretChars)
		var r Redactor
		r.Add("t", secret)
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			text := enc.EncodeToString([]byte(before + secret + after))
			got := r.Scrub(text)
			if !strings.Contains(got, "‹t›") {
				t.Fatalf("%q between %q and %q: %q passed as %q", secret, before, after, text, got)
			}
			// Besides the neighbours' own characters, at most one at each end may hold some of the secret's bits.
			left := len(got) - len("‹t›")
			if most := len(text) - (len(secret)*8-10)/6; left > most {
				t.Errorf("%q between %q and %q: %d characters left of %q: %q", secret, before, after, left, text, got)
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var r Redactor
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 50 {
				secret := fmt.Sprintf("secret+%d+%d+end", w, i)
				r.Add("t", secret)
				if got := r.Scrub("<" + percentAll(secret) + ">"); got != "<‹t›>" {
					t.Errorf("%q passed as %q", secret, got)
				}
				if _, ok := r.Name(secret); !ok {
					t.Errorf("%q has no name", secret)
				}
			}
		})
	}
	wg.Wait()
	if got := len(r.values); got != 200 {
		t.Errorf("%d values, want 200", got)
	}
}

// Of several secrets of which one is another way to write another, each text is named after the one that stands in it, whatever else there is.
func TestSecretsThatAreOthersWrittenOtherwise(t *testing.T) {
	t.Parallel()
	const password = `Cd"&4Fz2%Ra3/Ja+9Nt3a`
	others := map[string]string{"escape": `\u0043d"&4Fz2%Ra3/Ja+9Nt3a`, "entity": `&#67;d"&4Fz2%Ra3/Ja+9Nt3a`, "percent": `%43d"&4Fz2%Ra3/Ja+9Nt3a`}
	for first := range others {
		var r Redactor
		r.Add("password", password)
		r.Add(first, others[first])
		for name, value := range others {
			r.Add(name, value)
		}
		for name, value := range others {
			body, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Scrub(string(body)); got != `"‹`+name+`›"` {
				t.Errorf("%s first: %s becomes %s, not %s", first, body, got, name)
			}
		}
	}
}
