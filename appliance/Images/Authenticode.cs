using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace VSan.Images;

/// <summary>
/// The signature that firmware checks too (Windows Authenticode Portable Executable Signature Format; RFC 5652 for its frame). Every part is
/// tied to the next: the key signs the attributes, these hold the digest of the content, the content holds the digest of the file.
/// <code>
///   certificate table ─► SignedData ─┬─ SpcIndirectDataContent ─► SHA-256 of the file
///                                    └─ SignerInfo ─► attributes (digest of the content) ─► signature over the attributes
/// </code>
/// </summary>
internal static class Authenticode
{
    private const int CertificateHeaderBytes = 8;
    private const ushort Revision2 = 0x0200;
    private const ushort PkcsSignedData = 0x0002;
    private const int SignatureBytesMax = 64 * 1024;

    private const string SignedData = "1.2.840.113549.1.7.2";
    private const string IndirectData = "1.3.6.1.4.1.311.2.1.4";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string ContentType = "1.2.840.113549.1.9.3";
    private const string MessageDigest = "1.2.840.113549.1.9.4";
    private const byte SetTag = 0x31;

    private static readonly Asn1Tag First = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Second = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <summary>Makes sure that somebody who is believed signed a file of this digest.</summary>
    /// <param name="file">The file.</param>
    /// <param name="certificates">Its certificate table.</param>
    /// <param name="fileDigest">SHA-256 over the file without its checksum, the entry of that table, and the table.</param>
    /// <param name="signers">Who is believed.</param>
    /// <returns>The name of who signed.</returns>
    /// <exception cref="ImageRefusedException">Nobody did.</exception>
    public static string Verify(Stream file, ByteRange certificates, ReadOnlySpan<byte> fileDigest, ImageSigners signers)
    {
        try
        {
            return Check(ReadTable(file, certificates), fileDigest, signers);
        }
        catch (AsnContentException damage)
        {
            throw new ImageRefusedException($"Its signature cannot be read: {damage.Message}");
        }
    }

    private static byte[] ReadTable(Stream file, ByteRange certificates)
    {
        if (certificates.LengthBytes is <= CertificateHeaderBytes or > SignatureBytesMax) throw new ImageRefusedException("Its signature has a size that cannot be.");
        byte[] table = new byte[certificates.LengthBytes];
        file.Position = certificates.Offset;
        file.ReadExactly(table);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(table);
        bool isOne = length > CertificateHeaderBytes && length <= table.Length && table.Length - length < CertificateHeaderBytes;
        if (!isOne || BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(4)) != Revision2 || BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(6)) != PkcsSignedData)
            throw new ImageRefusedException("It has not one signature of the kind that firmware checks.");
        return table[CertificateHeaderBytes..(int)length];
    }

    private static string Check(byte[] table, ReadOnlySpan<byte> fileDigest, ImageSigners signers)
    {
        AsnReader info = new AsnReader(table, AsnEncodingRules.DER).ReadSequence();
        if (info.ReadObjectIdentifier() != SignedData) throw new ImageRefusedException("Its signature is of an unknown kind.");
        AsnReader signed = info.ReadSequence(First).ReadSequence();
        _ = signed.ReadInteger();
        _ = signed.ReadSetOf();
        AsnReader encapsulated = signed.ReadSequence();
        if (encapsulated.ReadObjectIdentifier() != IndirectData) throw new ImageRefusedException("Its signature is not over an EFI program.");
        ReadOnlyMemory<byte> content = encapsulated.ReadSequence(First).PeekContentBytes();
        if (!DigestOf(new AsnReader(content, AsnEncodingRules.DER)).Span.SequenceEqual(fileDigest)) throw new ImageRefusedException("It is not what was signed: its content was changed.");
        foreach (Asn1Tag optional in (Asn1Tag[])[First, Second])
            if (signed.HasData && signed.PeekTag().HasSameClassAndValue(optional)) _ = signed.ReadEncodedValue();
        for (AsnReader infos = signed.ReadSetOf(); infos.HasData;)
            if (WhoSigned(infos.ReadSequence(), content.Span, signers) is { } name) return name;
        throw new ImageRefusedException("Nobody who is believed here signed it.");
    }

    // SpcIndirectDataContent: what it is about, then DigestInfo.
    private static ReadOnlyMemory<byte> DigestOf(AsnReader content)
    {
        _ = content.ReadSequence();
        AsnReader info = content.ReadSequence();
        if (info.ReadSequence().ReadObjectIdentifier() != Sha256) throw new ImageRefusedException("Its signature is not over a SHA-256 digest.");
        return info.ReadOctetString();
    }

    // SignerInfo: version, who, digest algorithm, attributes, signature algorithm, signature.
    private static string? WhoSigned(AsnReader signer, ReadOnlySpan<byte> content, ImageSigners signers)
    {
        _ = signer.ReadInteger();
        _ = signer.ReadSequence();
        if (signer.ReadSequence().ReadObjectIdentifier() != Sha256) return null;
        byte[] attributes = signer.ReadEncodedValue().ToArray();
        _ = signer.ReadSequence();
        byte[] signature = signer.ReadOctetString();
        if (!First.HasSameClassAndValue(Asn1Tag.Decode(attributes, out _))) return null;
        // The signature is over them as a SET (RFC 5652, 5.4).
        attributes[0] = SetTag;
        return Hold(new AsnReader(attributes, AsnEncodingRules.DER).ReadSetOf(), content) ? signers.WhoSigned(attributes, signature) : null;
    }

    // RFC 5652, 5.3: both must be there, and be right.
    private static bool Hold(AsnReader attributes, ReadOnlySpan<byte> content)
    {
        bool type = false, digest = false;
        Span<byte> wanted = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(content, wanted);
        while (attributes.HasData)
        {
            AsnReader attribute = attributes.ReadSequence();
            string name = attribute.ReadObjectIdentifier();
            AsnReader values = attribute.ReadSetOf();
            if (name == ContentType) type = values.ReadObjectIdentifier() == IndirectData;
            if (name == MessageDigest) digest = values.ReadOctetString().AsSpan().SequenceEqual(wanted);
        }

        return type && digest;
    }
}
