package openapi

import (
	"net/http"
	"strings"
	"testing"
)

// windowsLogin is the operation whose answer is a bare string of any media type.
func windowsLogin(t *testing.T) *Operation {
	t.Helper()
	d, err := Load("pyramid-2018.5")
	if err != nil {
		t.Fatal(err)
	}
	o, err := d.Operation("authenticateUserWindows")
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestBareStringOfAnyMediaType(t *testing.T) {
	t.Parallel()
	o := windowsLogin(t)
	for _, media := range []string{"text/plain; charset=utf-8", "text/html", "application/json", "application/octet-stream", ""} {
		for _, body := range []string{"c2VjcmV0", "c2VjcmV0MQ==", "c2VjcmV0\n", "c2VjcmV0\r\n"} {
			header := http.Header{"Content-Type": {media}}
			if media == "" {
				header = http.Header{}
			}
			if found := o.Validate(Answer{Status: 200, Header: header, Body: []byte(body)}); len(found) > 0 {
				t.Errorf("%q as %q: %v", body, media, found)
			}
		}
	}
	for body, want := range map[string]string{
		`"c2VjcmV0"`: "PYR-TOK-02 a string in JSON quotes", `{"data":"c2VjcmV0"}`: "PYR-TOK-02 a JSON object",
		"<html></html>": "PYR-TOK-02 markup", "\ufeffc2VjcmV0": "PYR-TOK-02 a byte order mark", "c2Vj\ncmV0": "PYR-TOK-02 a string with white space",
		"c2VjcmV0\n\n": "PYR-TOK-02 a string of 10 characters", "c2VjcmV": "PYR-TOK-02 a string of 7 characters", "c2Vj-mV_": "PYR-TOK-02 a string of 8 characters",
		"": "PYR-TOK-03 an empty body", "\n": "PYR-TOK-03 nothing but white space", "\xff\xfe": "PYR-TOK-02 bytes that are not UTF-8",
	} {
		found := o.Validate(Answer{Status: 200, Header: http.Header{}, Body: []byte(body)})
		if len(found) != 1 || !strings.HasPrefix(found[0].Requirement+" "+found[0].Actual, want) {
			t.Errorf("%q: %v, want %s", body, found, want)
		}
	}
}

// A refusal in words is no secret; a token in it is.
func TestSecretsOfABareString(t *testing.T) {
	t.Parallel()
	o := windowsLogin(t)
	const token = "c2VjcmV0c2VjcmV0"
	for _, test := range []struct {
		status int
		body   string
		want   []string
	}{
		{200, token + "\n", []string{token}}, {201, token, []string{token}}, {200, `"` + token + `"`, []string{`"` + token + `"`, token}},
		{401, token, []string{token}}, {401, "<html>401 Unauthorized</html>", nil}, {500, "it broke", nil}, {204, "", nil},
	} {
		var got []string
		for _, s := range o.SecretsIn([]byte(test.body), true, test.status) {
			if s.Kind != "token" {
				t.Errorf("%d %q: kind %q", test.status, test.body, s.Kind)
			}
			got = append(got, s.Value)
		}
		if strings.Join(got, " ") != strings.Join(test.want, " ") {
			t.Errorf("%d %q: %q, want %q", test.status, test.body, got, test.want)
		}
	}
}
