namespace VSan.Scsi;

/// <summary>Names of commands for people, by operation code and service action (SPC-5, annex of operation codes; SBC-4).</summary>
internal static class CommandNames
{
    /// <summary>The name, or the operation code where we know none.</summary>
    public static string Of(ReadOnlySpan<byte> cdb) => cdb[0] switch
    {
        0x00 => "TEST UNIT READY",
        0x03 => "REQUEST SENSE",
        0x04 => "FORMAT UNIT",
        0x08 => "READ(6)",
        0x0A => "WRITE(6)",
        0x12 => "INQUIRY",
        0x15 => "MODE SELECT(6)",
        0x16 => "RESERVE(6)",
        0x17 => "RELEASE(6)",
        0x1A => "MODE SENSE(6)",
        0x1B => "START STOP UNIT",
        0x1E => "PREVENT ALLOW MEDIUM REMOVAL",
        0x25 => "READ CAPACITY(10)",
        0x28 => "READ(10)",
        0x2A => "WRITE(10)",
        0x2E => "WRITE AND VERIFY(10)",
        0x2F => "VERIFY(10)",
        0x34 => "PRE-FETCH(10)",
        0x35 => "SYNCHRONIZE CACHE(10)",
        0x37 => "READ DEFECT DATA(10)",
        0x3B => "WRITE BUFFER",
        0x3C => "READ BUFFER(10)",
        0x41 => "WRITE SAME(10)",
        0x42 => "UNMAP",
        0x48 => "SANITIZE",
        0x4D => "LOG SENSE",
        0x55 => "MODE SELECT(10)",
        0x5A => "MODE SENSE(10)",
        0x5E => "PERSISTENT RESERVE IN",
        0x5F => "PERSISTENT RESERVE OUT",
        0x83 => "EXTENDED COPY",
        0x84 => "RECEIVE COPY RESULTS",
        0x88 => "READ(16)",
        0x89 => "COMPARE AND WRITE",
        0x8A => "WRITE(16)",
        0x8B => "ORWRITE(16)",
        0x8E => "WRITE AND VERIFY(16)",
        0x8F => "VERIFY(16)",
        0x90 => "PRE-FETCH(16)",
        0x91 => "SYNCHRONIZE CACHE(16)",
        0x93 => "WRITE SAME(16)",
        0x9C => "WRITE ATOMIC(16)",
        0x9E => OfServiceActionIn(cdb[1] & 0x1F),
        0xA0 => "REPORT LUNS",
        0xA3 => OfMaintenanceIn(cdb[1] & 0x1F),
        0xA4 => (cdb[1] & 0x1F) == 0x0A ? "SET TARGET PORT GROUPS" : "MAINTENANCE OUT",
        0xA8 => "READ(12)",
        0xAA => "WRITE(12)",
        0xAE => "WRITE AND VERIFY(12)",
        0xAF => "VERIFY(12)",
        0xB7 => "READ DEFECT DATA(12)",
        _ => $"operation code {cdb[0]:X2}h",
    };

    private static string OfServiceActionIn(int action) => action switch
    {
        0x10 => "READ CAPACITY(16)",
        0x12 => "GET LBA STATUS",
        _ => "SERVICE ACTION IN(16)",
    };

    private static string OfMaintenanceIn(int action) => action switch
    {
        0x0A => "REPORT TARGET PORT GROUPS",
        0x0C => "REPORT SUPPORTED OPERATION CODES",
        0x0D => "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS",
        _ => "MAINTENANCE IN",
    };
}
