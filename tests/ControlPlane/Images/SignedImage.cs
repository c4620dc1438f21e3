using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VSan.Images;

namespace VSan.Tests.ControlPlane.Images;

/// <summary>Images of the appliance without a system in them, signed as sbsign signs; and who signs them.</summary>
internal sealed class SignedImage : IDisposable
{
    private const int HeaderBytes = 1024;
    private const int OptionalBytes = 240;
    private const int PeAt = 128;
    private const int Alignment = 512;

    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;

    public SignedImage(string name = "test key") =>
        _certificate = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

    /// <summary>The signers' file.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public ImageSigners Signers(string folder)
    {
        string path = Path.Combine(folder, "signers.pem");
        File.WriteAllText(path, Pem);
        return ImageSigners.Load(path);
    }

    public static string DigestOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    /// <summary>A signed image.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="id">What it is an image of.</param>
    /// <param name="payloadBytes">Length of what stands for the system.</param>
    public byte[] Make(string version, string id = "vsan", int payloadBytes = 200_000)
    {
        byte[] payload = new byte[payloadBytes];
        new Random(version.Length).NextBytes(payload);
        (string Name, byte[] Content)[] sections =
        [
            (".osrel", Encoding.ASCII.GetBytes($"ID=vsan\nIMAGE_ID={id}\nIMAGE_VERSION={version}\n")),
            (".cmdline", Encoding.ASCII.GetBytes("quiet panic=10")),
            (".linux", payload[..1000]),
            (".initrd", payload),
        ];
        return Sign(Program(sections));
    }

    private static byte[] Program((string Name, byte[] Content)[] sections)
    {
        MemoryStream body = new();
        byte[] header = new byte[HeaderBytes];
        "MZ"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(60), PeAt);
        "PE\0\0"u8.CopyTo(header.AsSpan(PeAt));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(PeAt + 6), (ushort)sections.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(PeAt + 20), OptionalBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(PeAt + 24), 0x20b);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(PeAt + 24 + 108), 16);
        int at = PeAt + 24 + OptionalBytes;
        foreach ((string name, byte[] content) in sections)
        {
            Span<byte> section = header.AsSpan(at, 40);
            Encoding.ASCII.GetBytes(name).CopyTo(section);
            byte[] raw = new byte[(content.Length + Alignment - 1) / Alignment * Alignment];
            content.CopyTo(raw, 0);
            BinaryPrimitives.WriteInt32LittleEndian(section[8..], content.Length);
            BinaryPrimitives.WriteInt32LittleEndian(section[16..], raw.Length);
            BinaryPrimitives.WriteInt32LittleEndian(section[20..], HeaderBytes + (int)body.Length);
            body.Write(raw);
            at += 40;
        }

        return [.. header, .. body.ToArray()];
    }

    private byte[] Sign(byte[] program)
    {
        int checksum = PeAt + 24 + 64, entry = PeAt + 24 + 144;
        byte[] digest = SHA256.HashData([.. program[..checksum], .. program[(checksum + 4)..entry], .. program[(entry + 8)..]]);
        byte[] signed = SignedData(digest);
        byte[] table = new byte[(8 + signed.Length + 7) / 8 * 8];
        BinaryPrimitives.WriteInt32LittleEndian(table, 8 + signed.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(4), 0x0200);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(6), 0x0002);
        signed.CopyTo(table, 8);
        BinaryPrimitives.WriteInt32LittleEndian(program.AsSpan(entry), program.Length);
        BinaryPrimitives.WriteInt32LittleEndian(program.AsSpan(entry + 4), table.Length);
        return [.. program, .. table];
    }

    private byte[] SignedData(byte[] fileDigest)
    {
        AsnWriter about = new(AsnEncodingRules.DER), info = new(AsnEncodingRules.DER);
        using (about.PushSequence()) about.WriteObjectIdentifier("1.3.6.1.4.1.311.2.1.15");
        using (info.PushSequence())
        {
            WriteSha256(info);
            info.WriteOctetString(fileDigest);
        }

        byte[] attributes = Attributes(SHA256.HashData([.. about.Encode(), .. info.Encode()]));
        AsnWriter writer = new(AsnEncodingRules.DER);
        Asn1Tag first = new(TagClass.ContextSpecific, 0, isConstructed: true);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.7.2");
            using (writer.PushSequence(first))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf()) WriteSha256(writer);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.3.6.1.4.1.311.2.1.4");
                    using (writer.PushSequence(first))
                    using (writer.PushSequence())
                    {
                        writer.WriteEncodedValue(about.Encode());
                        writer.WriteEncodedValue(info.Encode());
                    }
                }

                using (writer.PushSetOf(first)) writer.WriteEncodedValue(_certificate.RawData);
                using (writer.PushSetOf()) WriteSigner(writer, attributes);
            }
        }

        return writer.Encode();
    }

    private static byte[] Attributes(byte[] contentDigest)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.9.3");
                using (writer.PushSetOf()) writer.WriteObjectIdentifier("1.3.6.1.4.1.311.2.1.4");
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.9.4");
                using (writer.PushSetOf()) writer.WriteOctetString(contentDigest);
            }
        }

        return writer.Encode();
    }

    private void WriteSigner(AsnWriter writer, byte[] attributes)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(_certificate.IssuerName.RawData);
                writer.WriteInteger(1);
            }

            WriteSha256(writer);
            byte[] tagged = [.. attributes];
            tagged[0] = 0xA0;
            writer.WriteEncodedValue(tagged);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                writer.WriteNull();
            }

            writer.WriteOctetString(_key.SignData(attributes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
    }

    private static void WriteSha256(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.16.840.1.101.3.4.2.1");
            writer.WriteNull();
        }
    }
}
