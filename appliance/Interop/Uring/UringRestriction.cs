using System.Runtime.InteropServices;

namespace VSan.Interop.Uring;

/// <summary>One thing that a restricted ring may still do.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
[CName("struct io_uring_restriction")]
internal struct UringRestriction
{
    /// <summary>IORING_RESTRICTION_: what <see cref="Value"/> is.</summary>
    [CName("opcode")] internal ushort Kind;

    /// <summary>An operation, or a set of IOSQE_ flags.</summary>
    [CName("sqe_op")] internal byte Value;
}
