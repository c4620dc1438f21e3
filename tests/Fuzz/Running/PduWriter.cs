using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VSan.Iscsi.Pdu;
using VSan.Tests.Fakes;
using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Oracles;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz.Running;

/// <summary>Turns a script's PDU into the bytes of this moment of a conversation.</summary>
internal static class PduWriter
{
    /// <summary>The longest piece of an R2T that is sent in one PDU: what the target declares to take.</summary>
    private const uint SegmentBytesMax = 256 * 1024;

    public static byte[] Write(Step.Pdu pdu, Conversation conversation)
    {
        byte[] header = [.. pdu.Header];
        byte[] data = pdu.Data;
        Fix fixes = pdu.Fixes;
        if (fixes.HasFlag(Fix.ReadyToTransfer) && conversation.OldestR2T is { } oldest) data = FollowR2T(header, data, fixes, oldest.Command, oldest.Asked);
        if (fixes.HasFlag(Fix.CmdSN)) Add(header.AsSpan(24), conversation.NextCmdSN);
        if (fixes.HasFlag(Fix.Tsih)) BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)(conversation.Tsih + BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(14))));
        if (fixes.HasFlag(Fix.TextTag)) Add(header.AsSpan(20), conversation.TextTag);
        if (fixes.HasFlag(Fix.Chap)) data = Prove(data, conversation.Keys);
        if (fixes.HasFlag(Fix.Length)) BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), ((uint)header[4] << 24) | (uint)(data.Length & 0xFFFFFF));
        return Frame(header, data, fixes, conversation);
    }

    private static byte[] FollowR2T(byte[] header, byte[] data, Fix fixes, Request command, ReadyToTransferSeen asked)
    {
        Add(header.AsSpan(16), command.Tag);
        Add(header.AsSpan(20), asked.TransferTag);
        Add(header.AsSpan(36), command.DataOutSN);
        Add(header.AsSpan(40), asked.Offset);
        if (!fixes.HasFlag(Fix.Whole)) return data;
        if (asked.Left <= SegmentBytesMax) header[1] |= PduGrammar.Final;
        byte[] whole = new byte[Math.Min(asked.Left, SegmentBytesMax)];
        for (int at = 0; at < whole.Length && data.Length > 0; at += data.Length) data.AsSpan(0, Math.Min(data.Length, whole.Length - at)).CopyTo(whole.AsSpan(at));
        return whole;
    }

    private static byte[] Prove(byte[] data, LoginKeys keys)
    {
        string text = Encoding.UTF8.GetString(data);
        if (!text.Contains(Script.ChapProof, StringComparison.Ordinal)) return data;
        _ = byte.TryParse(keys.Answers.GetValueOrDefault("CHAP_I"), NumberStyles.None, CultureInfo.InvariantCulture, out byte identifier);
        byte[] challenge = keys.Answers.TryGetValue("CHAP_C", out string? hexadecimal) ? Convert.FromHexString(hexadecimal.AsSpan(2)) : [];
        byte[] message = [identifier, .. Encoding.ASCII.GetBytes(FuzzNames.Secret), .. challenge];
        byte[] proof = keys.Answers.GetValueOrDefault("CHAP_A") == "7" ? SHA256.HashData(message) : MD5.HashData(message);
        return Encoding.UTF8.GetBytes(text.Replace(Script.ChapProof, "0x" + Convert.ToHexStringLower(proof), StringComparison.Ordinal));
    }

    /// <summary>Padding as the length field needs it, digests where agreed; wrong ones where the script does not want them right.</summary>
    private static byte[] Frame(byte[] header, byte[] data, Fix fixes, Conversation conversation)
    {
        byte spoiled = fixes.HasFlag(Fix.Digests) ? (byte)0 : (byte)1;
        var bytes = new List<byte>(header.Length + data.Length + 12);
        bytes.AddRange(header);
        if (conversation.HeaderDigest) AddDigest(bytes, header, spoiled);
        if (data.Length == 0) return [.. bytes];
        byte[] padded = fixes.HasFlag(Fix.Length) ? [.. data, .. new byte[BasicHeader.Padding(data.Length)]] : data;
        bytes.AddRange(padded);
        if (conversation.DataDigest) AddDigest(bytes, padded, spoiled);
        return [.. bytes];
    }

    private static void AddDigest(List<byte> bytes, byte[] over, byte spoiled)
    {
        bytes.AddRange(DigestOracle.Of(over));
        bytes[^1] ^= spoiled;
    }

    private static void Add(Span<byte> to, uint number) => BinaryPrimitives.WriteUInt32BigEndian(to, BinaryPrimitives.ReadUInt32BigEndian(to) + number);
}
