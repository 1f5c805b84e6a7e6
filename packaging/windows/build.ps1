<#
Freeze and sign the program on Windows, with a certificate of its store or of a signing service.

    packaging\windows\build.ps1 -Thumbprint 0123... -TimestampServer https://...

Signs every program and library that nobody signed, checks that nothing is missing, and runs the
self-test. The installer is then made of dist\dermstation on Linux (packaging/windows/msi_package.py)
and signed with sign.ps1. Never run yet: see .github/workflows/release.yml.
#>
param(
    [Parameter(Mandatory)] [string] $Thumbprint,
    [Parameter(Mandatory)] [string] $TimestampServer,
    [string] $Python = "py -3.12"
)
$ErrorActionPreference = "Stop"
Set-StrictMode -Version Latest
Set-Location (Join-Path $PSScriptRoot "..\..")

function Invoke-Step([string] $Command) {
    Invoke-Expression $Command
    if ($LASTEXITCODE -ne 0) { throw "failed: $Command" }
}

Invoke-Step "$Python -m venv .venv-package"
$Program = ".venv-package\Scripts\python.exe"
Invoke-Step "$Program -m pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock"
Invoke-Step "$Program -m pip install --quiet --no-build-isolation --no-deps --editable ."
$Env:PYTHONHASHSEED = "0"  # the same source gives the same files
Invoke-Step "$Program -m PyInstaller --noconfirm --clean --log-level WARN packaging\dermstation.spec"
Invoke-Step "$Program packaging\windows\closure.py dist\dermstation"
& (Join-Path $PSScriptRoot "sign.ps1") -Thumbprint $Thumbprint -TimestampServer $TimestampServer -Path dist\dermstation
Invoke-Step "$Program packaging\sbom.py dist\dermstation"
Invoke-Step "dist\dermstation\dermstation-cli.exe --selftest"
