namespace VSan.Tests.Lab;

/// <summary>How a machine starts.</summary>
internal enum Firmware
{
    /// <summary>OVMF, from its disk.</summary>
    Uefi,

    /// <summary>SeaBIOS, from its disk.</summary>
    Bios,

    /// <summary>OVMF, iPXE by TFTP, the rest by HTTP.</summary>
    PxeUefi,

    /// <summary>SeaBIOS and the network card's iPXE, the rest by HTTP.</summary>
    PxeBios,

    /// <summary>OVMF, everything by HTTP.</summary>
    Http,
}
