<#
Sign a file, or every program and library below a folder that nobody signed, and verify all of them.

    packaging\windows\sign.ps1 -Thumbprint 0123... -TimestampServer https://... -Path dist\dermstation
#>
param(
    [Parameter(Mandatory)] [string] $Thumbprint,
    [Parameter(Mandatory)] [string] $TimestampServer,
    [Parameter(Mandatory)] [string] $Path
)
$ErrorActionPreference = "Stop"
Set-StrictMode -Version Latest

$Files = Get-ChildItem -Path $Path -Recurse -File -Include *.exe, *.dll, *.pyd, *.msi
$Unsigned = $Files | Where-Object { (Get-AuthenticodeSignature $_.FullName).Status -eq "NotSigned" }
foreach ($File in $Unsigned) {
    & signtool sign /sha1 $Thumbprint /fd sha256 /tr $TimestampServer /td sha256 /d dermstation $File.FullName
    if ($LASTEXITCODE -ne 0) { throw "not signed: $($File.Name)" }
}
foreach ($File in $Files) {
    $Status = (Get-AuthenticodeSignature $File.FullName).Status
    if ($Status -ne "Valid") { throw "$($File.Name) is $Status" }
}
Write-Output "$(@($Unsigned).Count) signed, $(@($Files).Count) verified"
