package reports

import (
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
)

func TestOddInputIsVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"‹token-2› ": "‹token-2›␠", "  a b": "␠␠a b", " ": "␠", "": "", "a\tb": "a␉b", "a\u00a0b": "a⟦U+00A0⟧b",
		"a\u200bb\ufeff": "a⟦U+200B⟧b⟦U+FEFF⟧", "/auth?token=‹token-2›%00": "/auth?token=‹token-2›%00", "é": "é",
	} {
		if got := visible(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := visibleLines("a \n\tb\n "); got != "a \n\tb\n␠" {
		t.Errorf("%q", got)
	}
	e := evidence.Exchange{Request: evidence.Request{
		Method: "DELETE", URL: "http://h/a?token=‹token-2›%00", Headers: []evidence.Header{{Name: "Authorization", Value: "‹token-2› "}},
		Body: &evidence.Body{Text: "{\"a\":\"\u0001\"} ", Size: 10},
	}}
	v := exchangeViews([]evidence.Exchange{e}, 100)[0]
	shown := v.Request.URL + v.Request.Headers[0].Value + printable(v.Request.Body.Text)
	if shown != "http://h/a?token=‹token-2›%00‹token-2›␠{\"a\":\"␁\"}␠" {
		t.Errorf("the exchange shows %q", shown)
	}
	if !strings.Contains(v.Curl, `"${CONFORM_TOKEN_2:?}"' '`) || !strings.Contains(v.Curl, "} '") || !strings.Contains(v.Curl, `"${CONFORM_TOKEN_2:?}"'%00'`) {
		t.Errorf("the command sends another thing: %s", v.Curl)
	}
	if e.Request.Body.Text != "{\"a\":\"\u0001\"} " {
		t.Error("the report itself was changed")
	}
}
