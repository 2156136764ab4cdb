// peer.go - a peer that is Go's crypto/tls; how it is called, peer.h says.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

type wish map[string]string

func wishes(words []string) wish {
	w := wish{}
	for _, word := range words {
		if name, value, found := strings.Cut(word, "="); found {
			w[name] = value
		}
	}
	return w
}

func (w wish) number(name string) int {
	n, _ := strconv.Atoi(w[name])
	return n
}

var groups = map[string]tls.CurveID{"X25519": tls.X25519, "P-256": tls.CurveP256, "P-384": tls.CurveP384, "P-521": tls.CurveP521}

type lacking struct{ error }

func (w wish) config() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, ServerName: "localhost"}
	pem, err := os.ReadFile(w["ca"])
	if err != nil {
		return nil, err
	}
	c.RootCAs, c.ClientCAs = x509.NewCertPool(), x509.NewCertPool()
	c.RootCAs.AppendCertsFromPEM(pem)
	c.ClientCAs.AppendCertsFromPEM(pem)
	if w["cert"] != "" {
		own, err := tls.LoadX509KeyPair(w["cert"], w["key"])
		if err != nil {
			return nil, lacking{err}
		}
		if w["staple"] != "" {
			own.OCSPStaple, _ = os.ReadFile(w["staple"])
		}
		c.Certificates = []tls.Certificate{own}
	}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if w["code"] == "" && s.SupportedVersions[0] <= tls.VersionTLS12 || fmt.Sprintf("%04x", s.ID) == w["code"] {
			c.CipherSuites = append(c.CipherSuites, s.ID)
		}
	}
	if c.CipherSuites == nil {
		return nil, lacking{errors.New("no " + w["suite"])}
	}
	if group, known := groups[w["group"]]; known {
		c.CurvePreferences = []tls.CurveID{group}
		if curve, known := groups[w["kind"]]; known && curve != group {
			c.CurvePreferences = append(c.CurvePreferences, curve)
		}
	}
	if w["alpn"] != "" {
		c.NextProtos = strings.Split(w["alpn"], ",")
	}
	if w["auth"] == "1" {
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return c, nil
}

func (w wish) put(to io.Writer, data []byte) error {
	some := w.number("write")
	if some == 0 {
		some = len(data)
	}
	for len(data) > 0 {
		if some > len(data) {
			some = len(data)
		}
		if _, err := to.Write(data[:some]); err != nil {
			return err
		}
		data = data[some:]
	}
	return nil
}

func page(size int) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(i % 251)
	}
	return data
}

func (w wish) visit(c *tls.Config, again bool) (string, error) {
	conn, err := tls.Dial("tcp", "127.0.0.1:"+w["port"], c)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if err := w.put(conn, []byte("GET /"+w["size"]+" HTTP/1.0\r\nHost: localhost\r\n\r\n")); err != nil {
		return "", err
	}
	got, err := io.ReadAll(conn)
	s := conn.ConnectionState()
	switch {
	case err != nil:
		return "", err
	case !bytes.HasSuffix(got, append([]byte("\r\n\r\n"), page(w.number("size"))...)):
		return "", fmt.Errorf("no page in %d octets", len(got))
	case again && !s.DidResume:
		return "", errors.New("not resumed")
	case w["alpn"] != "" && s.NegotiatedProtocol != "http/1.1":
		return "", errors.New("no ALPN")
	case w["staple"] != "" && len(s.OCSPResponse) == 0:
		return "", errors.New("nothing was stapled")
	}
	return fmt.Sprintf("suite=%s resumed=%v", tls.CipherSuiteName(s.CipherSuite), s.DidResume), nil
}

func (w wish) client() (facts string, err error) {
	c, err := w.config()
	if err != nil {
		return "", err
	}
	if w["resume"] == "id" {
		return "", lacking{errors.New("no session ids as a client")}
	}
	c.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	facts, err = w.visit(c, false)
	if err == nil && w["resume"] != "" {
		facts, err = w.visit(c, true)
	}
	return
}

func (w wish) answer(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		fmt.Println(err)
		return
	}
	size := 0
	fmt.Sscanf(line, "GET /%d", &size)
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", size)
	if w.put(conn, []byte(head)) == nil {
		w.put(conn, page(size))
	}
}

func main() {
	switch os.Args[1] {
	case "version":
		fmt.Println(strings.TrimPrefix(runtime.Version(), "go"))
	case "server":
		w := wishes(os.Args[2:])
		c, err := w.config()
		if err == nil {
			var l net.Listener
			l, err = tls.Listen("tcp", "127.0.0.1:"+w["port"], c)
			fmt.Println("ready")
			for err == nil {
				var conn net.Conn
				if conn, err = l.Accept(); err == nil {
					go w.answer(conn)
				}
			}
		}
		fmt.Println("cannot be:", err)
		os.Exit(1)
	case "client":
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			facts, err := wishes(strings.Fields(in.Text())).client()
			switch err.(type) {
			case nil:
				fmt.Println("ok", facts)
			case lacking:
				fmt.Println("no", err)
			default:
				fmt.Println("failed", err)
			}
		}
	}
}
