# Only other names for ./desk, which needs no make.
.PHONY: up stop test check bench
up stop test check bench:
	@./desk $@
