using System.Net;
using VSan.Contracts.Discovery;
using Xunit;

namespace VSan.Tests.ControlPlane.Contracts;

public sealed class DnsMessageTests
{
    // An answer to a browse for _vsan-station._tcp.local as responders write it: names after the first are pointers (0xc0 …).
    private static readonly byte[] Compressed = Convert.FromHexString(
        "0000840000000001000000030d5f7673616e2d73746174696f6e045f746370056c6f63616c00000c0001000000780007"
        + "04706f6f6cc00cc0300021800100000078000d0000000020fb0473746f72c01fc030001080010000007800070663613d"
        + "616263c049000180010000007800040a000001");

    [Fact]
    public void Read_CompressedAnswer_ResolvesItsPointers()
    {
        byte[] bytes = Compressed;
        Assert.True(DnsMessage.TryRead(bytes, out DnsMessage? message));
        DnsRecord service = message!.Records.Single(record => record.Type == DnsType.Srv);
        Assert.Equal(("pool._vsan-station._tcp.local", "stor.local", 8443), (service.Name, service.Target, service.Port));
        Assert.Equal(IPAddress.Parse("10.0.0.1"), message.Records.Single(record => record.Type == DnsType.A).Address);
        Assert.Equal("pool._vsan-station._tcp.local", message.Records.Single(record => record.Type == DnsType.Ptr).Target);
    }

    [Fact]
    public void Message_WrittenAndRead_IsTheSame()
    {
        DnsMessage answer = new(7, true, "_vsan-station._tcp.local", DnsType.Ptr,
        [
            new DnsRecord("_vsan-station._tcp.local", DnsType.Ptr, "pool._vsan-station._tcp.local"),
            new DnsRecord("pool._vsan-station._tcp.local", DnsType.Srv, "pool.local", 8443),
            new DnsRecord("pool._vsan-station._tcp.local", DnsType.Txt, Texts: ["ca=sha256:00", "x"]),
            new DnsRecord("pool.local", DnsType.Aaaa, Address: IPAddress.IPv6Loopback),
        ]);
        Assert.True(DnsMessage.TryRead(answer.ToBytes(), out DnsMessage? read));
        Assert.Equal(answer.Records.Select(record => record with { Texts = null }), read!.Records.Select(record => record with { Texts = null }));
        Assert.Equal(["ca=sha256:00", "x"], read.Records[2].Texts);
        Assert.Equal((answer.Id, answer.Question, true), (read.Id, read.Question, read.IsAnswer));
    }

    [Fact]
    public void Read_CircleOfPointers_IsRefused()
    {
        byte[] bytes = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 1, 0, 2, 0xc0, 12];
        Assert.False(DnsMessage.TryRead(bytes, out _));
    }

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        const int Seed = 20261128;
        Random random = new(Seed);
        byte[] good = Compressed;
        for (int trial = 0; trial < 20_000; trial++)
        {
            byte[] bytes = [.. good];
            for (int flips = random.Next(1, 6); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = DnsMessage.TryRead(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out _);
        }
    }
}
