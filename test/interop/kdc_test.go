package interop

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const realm = "INTEROP.EXAMPLE"

// kdc is a Kerberos realm of its own on loopback.
type kdc struct {
	address string // host:port, UDP and TCP
	config  string // krb5.conf
	profile string // kdc.conf
	keytab  string // of HTTP/localhost
	account string // user@REALM
	env     []string
}

// findTool looks where Debian installs what only administrators run, too.
func findTool(t testing.TB, name string) string {
	t.Helper()
	if found, err := exec.LookPath(name); err == nil {
		return found
	}
	found := filepath.Join("/usr/sbin", name)
	if _, err := os.Stat(found); err != nil {
		t.Skipf("%s is not installed (krb5-kdc, krb5-admin-server): make setup", name)
	}
	return found
}

// startKDC makes a realm with one account and one service, and serves it until
// the test ends.
func startKDC(t *testing.T, user, password string) *kdc {
	t.Helper()
	server, admin, util := findTool(t, "krb5kdc"), findTool(t, "kadmin.local"), findTool(t, "kdb5_util")
	dir := t.TempDir()
	k := &kdc{
		config: filepath.Join(dir, "krb5.conf"), profile: filepath.Join(dir, "kdc.conf"),
		keytab: filepath.Join(dir, "http.keytab"), account: user + "@" + realm,
	}
	k.env = append(os.Environ(), "KRB5_CONFIG="+k.config, "KRB5_KDC_PROFILE="+k.profile, "KRB5CCNAME=FILE:"+dir+"/cc", "LC_ALL=C.UTF-8", "LANGUAGE=")
	k.configure(t, dir)
	k.tool(t, util, "", "create", "-s", "-r", realm, "-P", "master of the test")
	k.tool(t, admin, password+"\n"+password+"\n", "-r", realm, "-q", "addprinc -pw "+quoteKadmin(password)+" "+user)
	k.tool(t, admin, "", "-r", realm, "-q", "addprinc -randkey HTTP/localhost")
	k.tool(t, admin, "", "-r", realm, "-q", "ktadd -k "+k.keytab+" HTTP/localhost")
	// The KDC takes no port by itself, and one that was free may be another's by now.
	for tries := 1; ; tries++ {
		said := k.serve(t, server, dir)
		if said == "" {
			return k
		}
		if tries == 20 {
			t.Fatalf("krb5kdc ended at once, whatever the port; at last it said:\n%s", said)
		}
		k.configure(t, dir)
	}
}

// configure writes the realm's files, with an address that nobody has.
func (k *kdc) configure(t *testing.T, dir string) {
	t.Helper()
	k.address = freeAddress(t)
	write(t, k.config, fmt.Sprintf(`[libdefaults]
 default_realm = %[1]s
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 %[1]s = {
  kdc = %[2]s
 }
[domain_realm]
 localhost = %[1]s
`, realm, k.address))
	write(t, k.profile, fmt.Sprintf(`[kdcdefaults]
 kdc_listen = %[2]s
 kdc_tcp_listen = %[2]s
[realms]
 %[1]s = {
  database_name = %[3]s/principal
  key_stash_file = %[3]s/stash
  acl_file = %[3]s/acl
  supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
 }
[logging]
 kdc = STDERR
 admin_server = STDERR
`, realm, k.address, dir))
}

func quoteKadmin(word string) string { return `"` + strings.ReplaceAll(word, `"`, `""`) + `"` }

func (k *kdc) tool(t *testing.T, name, input string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(patient(t), name, args...)
	cmd.Env, cmd.Stdin = k.env, strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// serve starts the KDC and waits for its own word that it listens; it gives what a KDC has
// said that ended without it.
func (k *kdc) serve(t *testing.T, server, dir string) string {
	t.Helper()
	cmd := exec.Command(server, "-n", "-r", realm, "-P", filepath.Join(dir, "pid"))
	cmd.Env = k.env
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan struct{})
	ended := make(chan []string, 1)
	go func() { // ends when the KDC is killed
		var all []string
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			all = append(all, lines.Text())
			if strings.Contains(lines.Text(), "commencing operation") {
				close(ready)
			}
		}
		ended <- all
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		all := <-ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("krb5kdc said:\n%s", strings.Join(all, "\n"))
		}
	})
	select {
	case <-ready:
	case all := <-ended:
		ended <- all
		return strings.Join(append(all, "(end)"), "\n")
	case <-patient(t).Done():
		t.Fatal("krb5kdc never said that it serves")
	}
	return ""
}

// freeAddress is one that neither UDP nor TCP has in use.
func freeAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	for range 20 {
		tcp, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		udp, err := config.ListenPacket(t.Context(), "udp", tcp.Addr().String())
		_ = tcp.Close()
		if err == nil {
			_ = udp.Close()
			return tcp.Addr().String()
		}
	}
	t.Fatal("no port is free for both TCP and UDP")
	return ""
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
