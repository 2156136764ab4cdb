live: vitrine ## real links: our own TCP on a TUN device with nginx, curl, openssl and gnutls
	@tests/interop/live.sh show
.PHONY: live
