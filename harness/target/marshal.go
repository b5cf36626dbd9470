package target

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// MarshalFile writes the description as YAML that Load reads back as the same target, whatever the environment holds.
// It holds the real passwords: the caller writes it with mode 0600. Paths of files are made absolute.
func (t *Target) MarshalFile() ([]byte, error) {
	absolute := *t
	for key, file := range absolute.files() {
		if *file == "" {
			continue
		}
		path, err := filepath.Abs(*file)
		if err != nil {
			return nil, fmt.Errorf("%s: making the path absolute: %w", key, err)
		}
		*file = path
	}
	var w writer
	absolute.write(&w)
	return w.out.Bytes(), w.err
}

// write writes the keys in the order of the documentation, leaving out what has its default.
func (t *Target) write(w *writer) {
	w.text(0, "profile", t.Profile)
	w.text(0, "url", t.URL)
	w.mapping("account", func() {
		w.text(1, "username", t.Account.Username)
		w.text(1, "password", t.Account.Password.Reveal())
		w.text(1, "downLevelName", t.Account.DownLevelName)
		w.text(1, "domain", t.Account.Domain)
		w.text(1, "authSource", t.Account.AuthSource)
	})
	if len(t.Accounts) > 0 {
		w.line(0, "accounts:")
		for _, name := range AccountNames() {
			if a, named := t.Accounts[name]; named {
				w.line(1, name+":")
				w.text(2, "username", a.Username)
				w.text(2, "password", a.Password.Reveal())
			}
		}
	}
	if t.Probe != (Probe{}) {
		w.mapping("probe", func() {
			w.text(1, "method", t.Probe.Method)
			w.text(1, "path", t.Probe.Path)
			w.text(1, "body", t.Probe.Body)
		})
	}
	if t.Lifetimes != (Lifetimes{}) {
		w.mapping("lifetimes", func() {
			w.line(1, "session: "+t.Lifetimes.Session.String())
			w.line(1, "token: "+t.Lifetimes.Token.String())
		})
	}
	w.line(0, "maxWait: "+t.MaxWait.String())
	if len(t.Instances) > 0 {
		w.line(0, "instances:")
		for _, instance := range t.Instances {
			w.line(1, "- "+w.quote(instance))
		}
	}
	w.mapping("limits", func() {
		w.line(1, "badLogins: "+strconv.Itoa(t.Limits.BadLogins))
		w.line(1, "requestsPerSecond: "+strconv.FormatFloat(t.Limits.RequestsPerSecond, 'f', -1, 64))
		w.line(1, "concurrency: "+strconv.Itoa(t.Limits.Concurrency))
		w.line(1, "timeout: "+t.Limits.Timeout.String())
	})
	if t.TLS != (TLS{}) {
		w.mapping("tls", func() {
			w.text(1, "caFile", t.TLS.CAFile)
			w.text(1, "certFile", t.TLS.CertFile)
			w.text(1, "keyFile", t.TLS.KeyFile)
			w.line(1, "insecureSkipVerify: "+strconv.FormatBool(t.TLS.InsecureSkipVerify))
		})
	}
	if t.Kerberos != (Kerberos{}) {
		w.mapping("kerberos", func() {
			w.text(1, "realm", t.Kerberos.Realm)
			w.text(1, "kdc", t.Kerberos.KDC)
			w.text(1, "keytab", t.Kerberos.Keytab)
			w.text(1, "spn", t.Kerberos.SPN)
			w.text(1, "krb5Conf", t.Kerberos.Krb5Conf)
		})
	}
	w.text(0, "authorizationScheme", t.AuthorizationScheme)
}

// writer writes YAML whose texts are JSON strings, which YAML reads alike and no text can break out of.
type writer struct {
	out bytes.Buffer
	err error
}

func (w *writer) line(depth int, text string) {
	w.out.WriteString(strings.Repeat("  ", depth) + text + "\n")
}

func (w *writer) mapping(key string, body func()) {
	w.line(0, key+":")
	body()
}

// text writes a key unless its value is empty.
func (w *writer) text(depth int, key, value string) {
	if value != "" {
		w.line(depth, key+": "+w.quote(value))
	}
}

func (w *writer) quote(text string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(literal(text)); err != nil && w.err == nil {
		w.err = fmt.Errorf("quoting a text: %w", err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}
