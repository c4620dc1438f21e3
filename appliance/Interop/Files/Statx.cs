using System.Runtime.InteropServices;

namespace VSan.Interop;

/// <summary>What statx answers, as far as we ask.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
[CName("struct statx")]
internal struct Statx
{
    [FieldOffset(0), CName("stx_mask")] internal uint Mask;
    [FieldOffset(4), CName("stx_blksize")] internal uint BlockSize;
    [FieldOffset(28), CName("stx_mode")] internal ushort Mode;
    [FieldOffset(40), CName("stx_size")] internal ulong Size;
    [FieldOffset(48), CName("stx_blocks")] internal ulong Blocks;
    [FieldOffset(128), CName("stx_rdev_major")] internal uint DeviceMajor;
    [FieldOffset(132), CName("stx_rdev_minor")] internal uint DeviceMinor;
}
