package main

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// A server that speaks HTTP/2 alone is judged in it; the authorities of SSL_CERT_FILE are trusted, alone and beside those of tls.caFile.
func TestHTTP2AloneUnderTheSystemsAuthorities(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	front := httptest.NewUnstartedServer(server.Handler())
	front.EnableHTTP2 = true
	front.Config.Protocols = new(http.Protocols)
	front.Config.Protocols.SetHTTP2(true)
	front.TLS = &tls.Config{NextProtos: []string{"h2"}}
	front.Config.ErrorLog = log.New(io.Discard, "", 0)
	front.StartTLS()
	t.Cleanup(front.Close)
	authority := write(t, "authority.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})))
	description := *server.Target()
	description.URL, description.Instances = front.URL+"/restApi", nil
	described := func(caFile string) string {
		own := description
		own.TLS.CAFile = caFile
		data, err := own.MarshalFile()
		if err != nil {
			t.Fatal(err)
		}
		return write(t, "target.yaml", string(data))
	}
	for name, c := range map[string]struct {
		env    []string
		caFile string
		code   int
	}{
		"the target's":              {nil, authority, 0},
		"the system's":              {[]string{"SSL_CERT_FILE=" + authority}, "", 0},
		"the system's, and another": {[]string{"SSL_CERT_FILE=" + authority}, other(t), 0},
		"another":                   {nil, other(t), verdict.ExitIncomplete},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := conform(t, c.env, "run", "--target-file", described(c.caFile), "--label-filter", "ADX-SES-01 || nocontent")
			if o.code != c.code {
				t.Fatalf("exit code %d, want %d\n%s%s", o.code, c.code, o.stdout, o.stderr)
			}
			skipped := 0
			for _, check := range o.report.Runs[0].Checks {
				if check.Status == verdict.Skipped && strings.Contains(check.Reason, "HTTP/2 alone") {
					skipped++
				}
			}
			if (skipped > 0) != (c.code == 0) {
				t.Errorf("%d checks say that the server speaks HTTP/2 alone", skipped)
			}
		})
	}
}

// other is a file with an authority of which nobody's certificate is.
func other(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "other.pem")
	serve(t, reference.Options{Profile: "bluecat-9.5", TLS: true, CAFile: file})
	return file
}
