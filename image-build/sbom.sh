#!/usr/bin/env bash
# sbom.sh VERSION MANIFEST BIN: the bill of materials in SPDX 2.3 (JSON), of Debian's packages in the manifest and of our executables.
set -euo pipefail
version=$1 manifest=$2 bin=$3
created=$(date --utc --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)

debian() {
  jq --raw-input --slurp '[split("\n")[] | select(. != "") | split("\t") | {
    SPDXID: ("SPDXRef-deb-" + (.[0] | gsub("[^A-Za-z0-9.-]"; "-"))), name: .[0], versionInfo: .[1], supplier: "Organization: Debian",
    downloadLocation: "NOASSERTION", filesAnalyzed: false, licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION", copyrightText: "NOASSERTION",
    sourceInfo: ("built from " + .[2] + " " + .[3] + "; its licences are in /usr/share/doc/" + .[0] + "/copyright of the image"),
    externalRefs: [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: ("pkg:deb/debian/" + .[0] + "@" + (.[1] | @uri) + "?arch=" + .[4] + "&distro=trixie")}]
  }]' "$manifest"
}

ours() {
  local program
  for program in vsan-unit vsan-blockserver vsan-station vsan libe_sqlite3.so; do
    jq --null-input --arg name "$program" --arg version "$version" --arg sum "$(sha256sum < "$bin/$program" | cut -d ' ' -f 1)" '{
      SPDXID: ("SPDXRef-vsan-" + ($name | gsub("[^A-Za-z0-9.-]"; "-"))), name: $name, versionInfo: $version, supplier: "Organization: VSan Appliance",
      downloadLocation: "NOASSERTION", filesAnalyzed: false, licenseConcluded: "NOASSERTION",
      licenseDeclared: (if $name == "libe_sqlite3.so" then "blessing" else "Apache-2.0" end), copyrightText: "NOASSERTION",
      checksums: [{algorithm: "SHA256", checksumValue: $sum}]}'
  done | jq --slurp .
}

jq --null-input --arg version "$version" --arg created "$created" --argjson debian "$(debian)" --argjson ours "$(ours)" '{
  spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT", name: ("vsan-appliance-" + $version),
  documentNamespace: ("urn:vsan-appliance:image:" + $version + ":" + ($ours | map(.checksums[0].checksumValue) | join("") | .[0:64])),
  creationInfo: {created: $created, creators: ["Tool: image-build/sbom.sh"]},
  packages: ($ours + $debian),
  relationships: [($ours + $debian)[] | {spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: .SPDXID}]}'
