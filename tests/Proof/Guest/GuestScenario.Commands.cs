namespace VSan.Tests.Proof.Guest;

/// <content>SCSI commands through sg3-utils, and what they do to the volume's file.</content>
internal sealed partial class GuestScenario
{
    private const long MiB = 1L << 20;

    /// <summary>What sg3-utils ends with after MISCOMPARE.</summary>
    private const int Miscompare = 14;

    private async Task AskForIdentityAsync()
    {
        foreach (GuestLink link in network.Links)
        {
            string page = await StepAsync($"sg_vpd by portal group {link.PortalGroup}", $"sg_vpd -p di /dev/$(disk_of {link.PortalGroup})");
            bool holds = page.Contains($"0x{setup.Volumes[0].Naa}", StringComparison.Ordinal) && page.Contains($"Target port group: 0x{link.PortalGroup:x}", StringComparison.Ordinal);
            Check("sg_vpd", holds, page);
        }
    }

    /// <summary>Two paths are two nexuses: each registers a key, one reserves, the other takes it over.</summary>
    private async Task ReserveAsync()
    {
        const string First = "/dev/$(disk_of 1)", Second = "/dev/$(disk_of 2)", Out = "sg_persist --out --prout-type=5";
        await StepAsync("sg_persist register", $"{Out} --register --param-sark=a1 {First} && {Out} --register --param-sark=b2 {Second}");
        await StepAsync("sg_persist reserve", $"{Out} --reserve --param-rk=a1 {First}");
        await StepAsync("sg_persist preempt", $"{Out} --preempt --param-rk=b2 --param-sark=a1 {Second}");

        // Who was preempted is told so once (REGISTRATIONS PREEMPTED): by the first command, unless multipathd's look at the path came first.
        const string Look = $"sg_persist --in --read-reservation {First}";
        string holder = await StepAsync("sg_persist read reservation", $"{Look} || {Look}");
        Check("sg_persist read reservation", holder.Contains("Key=0xb2", StringComparison.Ordinal), holder);
        await StepAsync("sg_persist clear", $"{Out} --clear --param-rk=b2 {Second}");
        string keys = await StepAsync("sg_persist read keys", $"sg_persist --in --read-keys {First}");
        Check("sg_persist read keys", keys.Contains("NO registered reservation keys", StringComparison.Ordinal), keys);
    }

    private async Task CompareAndWriteAsync()
    {
        const string Command = "sg_compare_and_write --in=/run/pair --lba=8 --num=1 --xferlen=1024 /dev/$(disk_of 1)";
        await StepAsync("sg_compare_and_write", $"{{ head -c 512 /dev/zero; head -c 512 /dev/urandom; }} > /run/pair && {Command}");
        await StepAsync("sg_compare_and_write again is a miscompare", Command, Miscompare);
    }

    private async Task DiscardAsync()
    {
        const int Count = 16;
        await StepAsync("write the map", $"dd if=/dev/urandom of={_map} bs=1M count={Count} oflag=direct");
        long full = await AllocatedBytesAsync();
        Check("write the map", full >= Count * MiB, $"{full} bytes allocated");
        await StepAsync("blkdiscard", $"blkdiscard {_map}");
        long empty = await AllocatedBytesAsync();
        Check("blkdiscard", empty < MiB, $"{empty} bytes allocated, {full} before");
        await StepAsync("read zeroes", $"dd if={_map} bs=1M count={Count} iflag=direct | cmp -n {Count * MiB} - /dev/zero");
    }

    private async Task TrimAsync()
    {
        const int Count = 64;
        await StepAsync("write and delete a file", $"head -c {Count}M /dev/urandom > /mnt/gone && sync && rm /mnt/gone && sync");
        long full = await AllocatedBytesAsync();
        await StepAsync("fstrim", "fstrim -v /mnt");
        long trimmed = await AllocatedBytesAsync();
        Check("fstrim", full - trimmed >= Count * MiB, $"{trimmed} bytes allocated, {full} before");
    }

    /// <summary>The volume grows by half while it is mounted.</summary>
    private async Task GrowAsync()
    {
        const string Size = "df -m /mnt | awk 'NR == 2 { print $2 }'";
        long before = long.Parse(await StepAsync("size of the file system", Size), System.Globalization.CultureInfo.InvariantCulture);
        _ = setup.WithLastVolumeOf(VolumeBytes * 3 / 2);
        await ServeAsync(network.Links);
        await StepAsync("rescan", $"iscsiadm -m node --rescan && multipathd resize map {Path.GetFileName(_map)}");
        string size = await StepAsync("size of the grown map", $"blockdev --getsize64 {_map}");
        Check("size of the grown map", size == $"{setup.Volumes[0].SizeBytes}", size);
        await StepAsync("resize2fs", $"resize2fs {_map}");
        long after = long.Parse(await StepAsync("size of the grown file system", Size), System.Globalization.CultureInfo.InvariantCulture);
        Check("size of the grown file system", after > before * 4 / 3, $"{after} MiB, {before} before");
    }
}
