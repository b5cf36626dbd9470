package pyramid_test

import (
	"os/exec"
	"strings"
	"testing"

	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/winauth"
	"example.org/conform/harness/testkit/kdc"
)

func TestCurlLogsInByNTLM(t *testing.T) {
	t.Parallel()
	server, base := start(t, pyramid.Config{})
	admin := server.Accounts().Admin
	for _, user := range []string{admin.DownLevelName, admin.Username, admin.Name} {
		status, token := curl(t, "NTLM", nil, "--ntlm", "-u", user+":"+admin.Password, base+loginPath)
		if status != "200" || call(t, base, token) != 200 {
			t.Errorf("%s: status %s, and the API call with the token answers %d", user, status, call(t, base, token))
		}
	}
	status, body := curl(t, "NTLM", nil, "--ntlm", "-u", admin.DownLevelName+":wrong", base+loginPath)
	if status != "401" || !strings.Contains(body, "Unauthorized") {
		t.Errorf("a wrong password: status %s, %s", status, body)
	}
	if got := server.WrongPasswords(); got != 1 {
		t.Errorf("%d wrong passwords counted, one was tried", got)
	}
}

func TestCurlLogsInByKerberos(t *testing.T) {
	t.Parallel()
	realm := kdc.ForTest(t)
	keytab := realm.AddService("HTTP/localhost")
	kerberos, err := winauth.LoadKerberos(keytab, kdc.Realm)
	if err != nil {
		t.Fatal(err)
	}
	server, base := start(t, pyramid.Config{Kerberos: kerberos})
	admin := server.Accounts().Admin
	realm.AddUser(admin.Name, admin.Password)
	realm.AddUser("stranger", "nobody-here")
	kinit := func(user, password string) {
		t.Helper()
		path, err := exec.LookPath("kinit")
		if err != nil {
			skipOrFail(t, "kinit is missing; install krb5-user")
		}
		cmd := exec.CommandContext(t.Context(), path, user)
		cmd.Env, cmd.Stdin = realm.Environment(), strings.NewReader(password+"\n")
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("kinit: %v: %s", err, output)
		}
	}
	kinit(admin.Name, admin.Password)
	status, token := curl(t, "GSS-API", realm.Environment(), "--negotiate", "-u", ":", base+loginPath)
	if status != "200" || call(t, base, token) != 200 {
		t.Errorf("status %s, and the API call with the token answers %d", status, call(t, base, token))
	}
	kinit("stranger", "nobody-here")
	if status, _ := curl(t, "GSS-API", realm.Environment(), "--negotiate", "-u", ":", base+loginPath); status != "401" {
		t.Errorf("a ticket of a user without an account: status %s", status)
	}
}
