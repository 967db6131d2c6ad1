package command

import (
	"net"
	"strings"
)

// Loopback reports whether a host is this machine: localhost, what is under it
// (RFC 6761), or a loopback address.
func Loopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// DialAddress is where to connect for HOST:PORT: systems disagree on whether
// *.localhost resolves, so names of the loopback become its address.
func DialAddress(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || net.ParseIP(host) != nil || !Loopback(host) {
		return address
	}
	return net.JoinHostPort("127.0.0.1", port)
}
