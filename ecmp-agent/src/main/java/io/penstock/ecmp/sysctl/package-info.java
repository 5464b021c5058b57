/** Which of the kernel's settings VIPs and routes need; {@code io.penstock.sysctl} holds them. */
package io.penstock.ecmp.sysctl;
