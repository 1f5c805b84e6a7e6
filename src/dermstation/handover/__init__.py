"""The referral package: plan, files, verification, and removal of exported copies."""
