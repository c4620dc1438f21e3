namespace VSan.Tests.Fuzz.Scripts;

/// <summary>
/// What a PDU of a script leaves open until it is sent, because only the conversation knows it. A number that is put in is added to what the
/// PDU has there: a script that wants the next but one writes 1.
/// </summary>
[Flags]
internal enum Fix
{
    None = 0,

    /// <summary>n: the next CmdSN.</summary>
    CmdSN = 1,

    /// <summary>l: DataSegmentLength and padding as the data needs them.</summary>
    Length = 2,

    /// <summary>d: the right digests, where they were agreed on.</summary>
    Digests = 4,

    /// <summary>r: task tag, transfer tag, DataSN and offset that the oldest R2T asks for.</summary>
    ReadyToTransfer = 8,

    /// <summary>w: with r, all that this R2T asks for, and F.</summary>
    Whole = 16,

    /// <summary>s: the TSIH that the target gave last.</summary>
    Tsih = 32,

    /// <summary>k: the transfer tag of the text negotiation that is open.</summary>
    TextTag = 64,

    /// <summary>c: the right proof in place of <see cref="Script.ChapProof"/>.</summary>
    Chap = 128,
}
