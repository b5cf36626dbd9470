package client

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf16"
)

const (
	madeID = "Zk81mQ27xLp0RtY5vB3n"
	made   = `{"sessionId":"` + madeID + `","expiresAtUtc":"2031-01-01T00:00:00Z"}`
)

func compressed(t *testing.T, text string, with func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var b bytes.Buffer
	w := with(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wide(text string, mark, big bool) string {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	var b []byte
	for _, u := range units {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

// Whatever form an answer comes in that nobody asked for, what it holds is read where it can be, said to be what it is, and nowhere to be
// found in the evidence where it cannot.
func TestAnswersInOtherForms(t *testing.T) {
	t.Parallel()
	zipped := compressed(t, made, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	for name, c := range map[string]struct {
		coding, media, body string
		read                bool
		want                string // the difference at the place that it is about
	}{
		"as it should be":           {body: made, read: true},
		"gzip":                      {coding: "gzip", body: zipped, read: true, want: "Content-Encoding gzip"},
		"gzip that nobody says":     {body: zipped, read: true, want: "Content-Encoding gzip, of which no Content-Encoding tells"},
		"gzip twice":                {coding: "gzip, gzip", body: compressed(t, zipped, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }), read: true, want: "Content-Encoding gzip, gzip"},
		"deflate":                   {coding: "Deflate", body: compressed(t, made, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }), read: true, want: "Content-Encoding deflate"},
		"deflate without its frame": {coding: "deflate", body: compressed(t, made, func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 9); return f }), read: true, want: "Content-Encoding deflate"},
		"gzip that is said only":    {coding: "gzip", body: made, read: true, want: "Content-Encoding gzip"},
		"gzip that is cut":          {coding: "gzip", body: zipped[:len(zipped)-12], want: "Content-Encoding gzip"},
		"a coding of its own":       {coding: "br", body: "\x0b\x02\x80" + made, want: "Content-Encoding br"},
		"UTF-16 with a mark":        {body: wide(made, true, false), read: true, want: "body UTF-16"},
		"UTF-16, the other end":     {body: wide(made, true, true), read: true, want: "body UTF-16"},
		"UTF-16 without a mark":     {body: wide(made, false, false), read: true, want: "body UTF-16"},
		"UTF-8 with a mark":         {body: "\xef\xbb\xbf" + made, read: true, want: "body a byte order mark before the value"},
		"Latin 1":                   {media: "application/json; charset=ISO-8859-1", body: strings.Replace(made, "{", "{\"name\":\"M\xfcller\",", 1), read: true, want: "body ISO 8859-1"},
		"NULs":                      {body: strings.ReplaceAll(made, `"`, "\x00\""), want: "body malformed JSON in 82 bytes"},
		"XML":                       {body: "<session><id>" + madeID + "</id></session>", want: "body malformed JSON in 48 bytes"},
		"cut":                       {body: made[:40], want: "body malformed JSON in 40 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if c.media != "" {
					w.Header().Set("Content-Type", c.media)
				}
				if c.coding != "" {
					w.Header().Set("Content-Encoding", c.coding)
				}
				_, _ = io.WriteString(w, c.body)
			}))
			t.Cleanup(s.Close)
			a := do(t, newTestClient(t, s.URL), Request{Operation: "createSession", JSON: map[string]any{}})
			got := ""
			for _, d := range a.Differences {
				if d.Place == "Content-Encoding" || d.Place == "body" && got == "" {
					got = d.Place + " " + d.Actual
				}
			}
			if a.Err != nil || got != c.want {
				t.Errorf("%v, the difference %q, want %q", a.Err, got, c.want)
			}
			if c.read && !strings.Contains(string(a.Body), madeID) {
				t.Error("it is not read")
			}
			body := a.Record(func(text string) string { return strings.ReplaceAll(text, madeID, "‹session-1›") })[0].Response.Body
			if body.Withheld == c.read || body.Size != len(c.body) {
				t.Errorf("withheld: %v, %d bytes", body.Withheld, body.Size)
			}
			for _, form := range []string{madeID, hex.EncodeToString([]byte(madeID)), "5a 6b 38 31", "Z.k.8.1"} {
				if strings.Contains(fmt.Sprintf("%+v", *body), form) {
					t.Errorf("the evidence is %+v", *body)
				}
			}
		})
	}
}

// What the bytes of a request hold in another charset is shown as text, in which a secret is known.
func TestARequestInUTF16IsShownAsText(t *testing.T) {
	t.Parallel()
	b := body([]byte(wide(made, false, false)), func(text string) string { return strings.ReplaceAll(text, madeID, "‹session-1›") }, true, keptBody)
	if !strings.HasPrefix(b.Text, `{"sessionId":"‹session-1›"`) || b.Decoded != "UTF-16" || b.Size != 2*len(made) {
		t.Errorf("%+v", b)
	}
}

// What net/http quotes of an answer that it cannot read is in no error, and an answer that breaks off tells how it began.
func TestWhatCannotBeReadIsNotQuoted(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"no status line":    madeID + " " + madeID + "\r\n\r\n",
		"a broken header":   "HTTP/1.1 200 OK\r\n" + madeID + "\r\n\r\n",
		"a broken status":   "HTTP/1.1 " + madeID + " OK\r\n\r\n",
		"a broken length":   "HTTP/1.1 200 OK\r\nContent-Length: " + madeID + "\r\n\r\n",
		"a broken transfer": "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + madeID + "\r\n\r\n",
		"an early end":      "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + made,
	} {
		a := do(t, raw(t, answer), Request{Operation: "createSession", JSON: map[string]any{}})
		if a.Err == nil || strings.Contains(a.Err.Error(), madeID) {
			t.Errorf("%s: error %v", name, a.Err)
		}
		if want := map[bool]int{true: 200}[name == "an early end"]; a.Begun != want {
			t.Errorf("%s: begun with %d, want %d", name, a.Begun, want)
		}
	}
}
