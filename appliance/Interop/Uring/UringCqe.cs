using System.Runtime.InteropServices;

namespace VSan.Interop.Uring;

/// <summary>Completion queue entry, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct io_uring_cqe")]
public readonly struct UringCqe
{
    /// <summary>A completion that is not the kernel's.</summary>
    public UringCqe(ulong userData, int result, uint flags) => (UserData, Result, Flags) = (userData, result, flags);

    /// <summary>What the submission carried.</summary>
    [CName("user_data")] public readonly ulong UserData;

    /// <summary>Result, or a negated error number.</summary>
    [CName("res")] public readonly int Result;

    /// <summary>IORING_CQE_F_ flags; the buffer's id in the upper 16 bits.</summary>
    [CName("flags")] public readonly uint Flags;
}
