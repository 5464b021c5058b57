/** What ecmp-agent.yaml says, and its reader. */
package io.penstock.ecmp.config;
