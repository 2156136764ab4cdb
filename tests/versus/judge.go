// judge: chains from the standard input, one answer a line (tests/versus/go.c speaks to it). All numbers are of four
// octets, the highest first: seconds, octets of the host and the host, certificates sent and roots, then each
// certificate with its length in front, leaf first.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"time"
)

func number(in io.Reader) (uint32, error) {
	var n uint32
	err := binary.Read(in, binary.BigEndian, &n)
	return n, err
}

func octets(in io.Reader) []byte {
	n, err := number(in)
	if err != nil {
		os.Exit(0)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(in, b); err != nil {
		os.Exit(0)
	}
	return b
}

// The reason without what differs from case to case.
func words(err error) string {
	switch e := err.(type) {
	case x509.CertificateInvalidError:
		return [...]string{"not authorized to sign", "expired or not yet valid", "CA constraint violated by the name",
			"too many intermediates", "incompatible usage", "name mismatch", "name constraints without SAN",
			"unconstrained name", "too many constraints", "CA not authorized for this extended usage",
		}[e.Reason]
	case x509.HostnameError:
		return "wrong host"
	case x509.UnknownAuthorityError:
		return "unknown authority"
	case x509.UnhandledCriticalExtension:
		return "unhandled critical extension"
	}
	return "another error"
}

func judge(at time.Time, host string, sent, roots [][]byte) string {
	leaf, err := x509.ParseCertificate(sent[0])
	if err != nil {
		return "cannot be read"
	}
	between, trusted := x509.NewCertPool(), x509.NewCertPool()
	for _, der := range sent[1:] {
		if c, err := x509.ParseCertificate(der); err == nil {
			between.AddCert(c)
		}
	}
	for _, der := range roots {
		if c, err := x509.ParseCertificate(der); err == nil {
			trusted.AddCert(c)
		}
	}
	_, err = leaf.Verify(x509.VerifyOptions{DNSName: host, Intermediates: between, Roots: trusted, CurrentTime: at})
	if err != nil {
		return words(err)
	}
	return ""
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for {
		seconds, err := number(in)
		if err != nil {
			return
		}
		host := string(octets(in))
		nSent, _ := number(in)
		nRoots, _ := number(in)
		var sent, roots [][]byte
		for i := uint32(0); i < nSent; i++ {
			sent = append(sent, octets(in))
		}
		for i := uint32(0); i < nRoots; i++ {
			roots = append(roots, octets(in))
		}
		fmt.Fprintln(out, judge(time.Unix(int64(seconds), 0), host, sent, roots))
		out.Flush()
	}
}
