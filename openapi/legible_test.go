package openapi

import "testing"

// A page in the place of a credential is shown, and what may be the credential in another form is not.
func TestAPageIsLegible(t *testing.T) {
	t.Parallel()
	d, err := Load("pyramid-2018.5")
	if err != nil {
		t.Fatal(err)
	}
	login := d.Login().By
	for body, want := range map[string]bool{
		"<!DOCTYPE html><title>Sign in</title>":           true,
		"\r\n<html><body>Sign in</body></html>":           true,
		`<string xmlns="urn:x">c2VjcmV0LXRva2Vu</string>`: false,
		`<htmlish>c2VjcmV0LXRva2Vu</htmlish>`:             false,
		`null`:                                            true,
		"<html>\x00":                                      false,
	} {
		if got := login.Legible(200, []byte(body)); got != want {
			t.Errorf("%q: %v", body, got)
		}
	}
	for _, body := range []string{"<!DOCTYPE html><title>Sign in</title>", "null", " false\n"} {
		if secrets := login.SecretsIn([]byte(body), true, 200); len(secrets) > 0 {
			t.Errorf("%q is taken for a secret: %v", body, secrets)
		}
	}
	page := `<html><input value="Zm9vYmFyMTIzNDU2Nzg5MGFiY2Rl"></html>`
	if texts := login.Undescribed(200, []byte(page)); len(texts) != 1 || texts[0].Text != page {
		t.Errorf("what a page holds is not looked at: %v", texts)
	}
}

// An error in a success has nothing of the success, and what has a part of it, or is no object, may be one.
func TestAnErrorDoesNotResembleASuccess(t *testing.T) {
	t.Parallel()
	d, err := Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	issue, err := d.Operation("issueToken")
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]bool{
		`{"message":"There is no such session.","code":"notFound"}`: false,
		`{}`:                      false,
		`{"id":"x"}`:              true,
		`{"error":1,"token":"x"}`: true,
		`"text"`:                  true,
		`{"token":"cut`:           true,
	} {
		if got := issue.Resembles(200, []byte(body)); got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}
