namespace VSan.Scsi;

/// <summary>The names by which a logical unit is known, the same on every path and after every restart.</summary>
/// <param name="Naa">NAA 6 name, 32 hexadecimal digits of which the first is 6 (SPC-4).</param>
/// <param name="SerialNumber">Unit serial number, ASCII.</param>
/// <param name="Vendor">T10 vendor identification, at most 8 characters.</param>
/// <param name="Product">Product identification, at most 16 characters.</param>
/// <param name="Revision">Product revision level, at most 4 characters.</param>
public sealed record LogicalUnitIdentity(
    string Naa,
    string SerialNumber,
    string Vendor = "VSAN",
    string Product = "VSan Appliance",
    string Revision = "0001");
