package winlogin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/target"
	"example.org/conform/harness/testkit/slip"
)

// What is wrong with a keytab, a krb5.conf or the names of realm and KDC is said without their text: the keys are in it.
func TestNoErrorTellsWhatTheFilesHold(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(content string) string {
		name := filepath.Join(folder, slip.Secret+".conf") // the environment may name it
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	refused := 0
	judge := func(own map[string]string) {
		described := &target.Target{URL: "http://h", Account: target.Account{Username: "u", Password: "p"}, Own: own}
		made, err := NewKerberos(described)
		made.Close()
		if err == nil {
			return
		}
		if refused++; slip.Told(err.Error()) != "" || strings.ContainsAny(err.Error(), "\n\r") || !strings.HasPrefix(err.Error(), "kerberos.") {
			t.Errorf("%v: %v", own, err)
		}
	}
	for _, head := range []string{"", "\x05", "\x05\x02", "\x05\x01", "\x05\x02\x00\x00\x00\x10", "\x05\x02\x7f\xff\xff\xff", "\x05\x02\x00\x00\x00\x10\x00\x01\x00\x40", "\x05\x02\x00\x00\x00\x10\x7f\xff\x00\x02"} {
		judge(map[string]string{realmKey: "R", kdcKey: "k", keytabKey: file(head + slip.Secret)})
	}
	for _, line := range []string{"", "x", "=", " clockskew = %s", "canonicalize = %s", "default_realm %s", "%s = {", "}", " kdc = %s\n}}", "%s = {\n %s", "v4_x = %s"} {
		line = strings.ReplaceAll(line, "%s", slip.Secret)
		for _, section := range []string{"libdefaults", "realms", "domain_realm", slip.Secret} {
			judge(map[string]string{realmKey: "R", krb5ConfKey: file("[" + section + "]\n" + line + "\n" + slip.Secret + "\n")})
		}
	}
	judge(map[string]string{realmKey: "R", kdcKey: "k", keytabKey: filepath.Join(folder, slip.Secret)})
	judge(map[string]string{realmKey: slip.Secret + "}", kdcKey: slip.Secret + " {"})
	reader := target.Reader{Systems: []target.Vocabulary{Vocabulary()}, Profile: "pyramid-2018.5"}
	_, err := reader.Parse("t.yaml", []byte("url: http://h\naccount: {username: u}\nkerberos: {realm: R, kdc: k, keytab: '"+file("\x05\x02"+slip.Secret)+"'}\n"), nil)
	if err == nil || !strings.HasPrefix(err.Error(), "t.yaml:3:38: kerberos.keytab: is no keytab") || slip.Told(err.Error()) != "" {
		t.Errorf("a description that names no keytab: %v", err)
	}
	if refused < 10 {
		t.Errorf("only %d refused: that proves little", refused)
	}
}

// FuzzFiles reads what a keytab and a krb5.conf may hold.
func FuzzFiles(f *testing.F) {
	f.Add([]byte("\x05\x02\x00\x00\x00\x10\x00\x01\x00\x01R\x00\x01u\x00\x00\x00\x01\x00\x00\x00\x00\x01\x00\x11\x00\x02kk"))
	f.Add([]byte("[libdefaults]\n default_realm = R\n clockskew = 5m\n[realms]\n R = {\n  kdc = k\n }\n[domain_realm]\n .r = R\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, own := range []map[string]string{
			{realmKey: "R", kdcKey: "k", keytabKey: file}, {realmKey: "R", krb5ConfKey: file}, {realmKey: string(content), kdcKey: string(content)},
		} {
			made, err := NewKerberos(&target.Target{URL: "http://h", Account: target.Account{Username: "u", Password: "p"}, Own: own})
			made.Close()
			if err != nil && (strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 200) {
				t.Errorf("the error: %q", err)
			}
		}
	})
}
