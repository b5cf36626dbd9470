package reference_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// legacy has OpenSSL 3 make the hash of NTLM, which it keeps apart.
const legacy = "openssl_conf = all\n[all]\nproviders = both\n[both]\ndefault = on\nlegacy = on\n[on]\nactivate = 1\n"

// TestRequestsNTLM logs in as scripts in Python do: by a first message that does not name NTLM, and under TLS with the channel named. Such a
// client keeps its part.
func TestRequestsNTLM(t *testing.T) {
	t.Parallel()
	python := withRequestsNTLM(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "openssl.cnf")
	if err := os.WriteFile(config, []byte(legacy), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string]reference.Options{
		"both schemes": {}, "NTLM": {Variant: "ntlm-only"}, "Negotiate": {Variant: "negotiate-only"},
		"TLS": {TLS: true}, "extended protection": {TLS: true, Variant: "extended-protection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options.Profile = "pyramid-2018.5"
			authority := ""
			if options.TLS {
				authority = filepath.Join(t.TempDir(), "ca.pem")
				options.CAFile = authority
			}
			s := judgedServer(t, options)
			account, probe := s.Target().Account, s.Target().Probe
			logIn := func(password string) string {
				cmd := exec.CommandContext(t.Context(), python, "testdata/clients/windows.py")
				cmd.Env = append(os.Environ(), "OPENSSL_CONF="+config, "URL="+s.URL(), "NAME="+account.DownLevelName, "PASSWORD="+password,
					"AUTHORITY="+authority, "PYTHONWARNINGS=ignore", "PROBE="+probe.Path, "BODY="+probe.Body)
				output, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %s", err, output)
				}
				return strings.TrimSpace(string(output))
			}
			if got := logIn(account.Password.Reveal()); !regexp.MustCompile(`^200 [A-Za-z0-9+/=]{40,} 200$`).MatchString(got) {
				t.Errorf("the right password: %s", got)
			}
			if got := logIn("wrong"); got != "401" {
				t.Errorf("a wrong password: %s", got)
			}
			compareBroken(t, s.Verdict(), verdict.Conformant)
		})
	}
}

// withRequestsNTLM is a Python that has the library.
func withRequestsNTLM(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} { // the system's has the packages of the distribution
		if exec.CommandContext(t.Context(), python, "-c", "import requests_ntlm").Run() == nil {
			return python
		}
	}
	const missing = "no Python has requests_ntlm; install python3-requests-ntlm"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}
